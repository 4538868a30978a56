import { describe, expect, it } from "vitest";
import { FakeService, problem } from "../fake-service.js";
import { fakeTime, pass, storedBefore, watchRed } from "../harness.js";

fakeTime();

describe("refusals", () => {
  it("401: asks for another token once and goes on with that", async () => {
    const service = new FakeService();
    const rejected: (string | null)[] = [];
    service.instead = ({ headers }) => headers.get("authorization") === "Bearer new" ? null : problem(401, "token-invalid");
    const { watch } = watchRed({
      token: (old) => {
        rejected.push(old);
        return rejected.includes("old") ? "new" : "old";
      },
    }, service);
    await pass();
    expect(watch.getState().status).toBe("ready");
    expect(rejected.slice(0, 2)).toEqual([null, "old"]);
    expect(service.streams[0]?.headers.get("authorization")).toBe("Bearer new");
  });

  it("401: keeps what was shown as stale, and is ready after sign-in", async () => {
    let token = "good";
    const service = new FakeService();
    const { watch } = watchRed({ token: () => token }, service);
    await pass();
    service.instead = ({ headers }) => headers.get("authorization") === "Bearer better" ? null : problem(401, "token-expired");
    service.end();
    await pass(20_000);
    expect(watch.getState()).toMatchObject({ status: "stale", map: { version: "s1.o1.w1" }, error: { kind: "unauthorized" } });
    token = "better";
    await watch.refresh();
    expect(watch.getState().status).toBe("ready");
    await pass();
    expect(service.openStreams).toBe(1);
  });

  it.each([[403, "forbidden", "forbidden"], [404, "workspace-not-found", "not-found"]] as const)(
    "%i from the service: nothing is shown or kept any more, and it is asked rarely", async (status, code, kind) => {
      const storage = await storedBefore(1_000_000);
      const service = new FakeService();
      service.instead = () => problem(status, code);
      const { watch } = watchRed({ storage }, service);
      await pass();
      expect(watch.getState()).toMatchObject({ status: "error", map: null, error: { kind, problem: { code } } });
      expect(storage.texts.size).toBe(0);
      await pass(600_000);
      expect(service.asked.length).toBeLessThanOrEqual(12);
      service.comeBack();
      await pass(60_000);
      expect(watch.getState().status).toBe("ready");
    });

  it.each([403, 404])("%i from something between: what was shown stays, as stale", async (status) => {
    const { service, watch } = watchRed();
    await pass();
    service.instead = () => new Response("<h1>No</h1>", { status, headers: { "content-type": "text/html" } });
    service.end();
    await pass(20_000);
    expect(watch.getState()).toMatchObject({ status: "stale", map: { version: "s1.o1.w1" } });
  });

  it.each([
    ["seconds", { "retry-after": "120" }],
    ["a date, by the service's clock", { "retry-after": "Mon, 05 Oct 2020 10:02:00 GMT", date: "Mon, 05 Oct 2020 10:00:00 GMT" }],
  ] as const)("429: waits as long as it is told, in %s", async (_, headers) => {
    const service = new FakeService();
    service.instead = () => problem(429, "too-many-requests", headers);
    const { watch } = watchRed({}, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "error", error: { kind: "throttled", retryAfterMs: 120_000 } });
    await pass(119_000);
    expect(service.asked.length).toBe(1);
    service.comeBack();
    await pass(3_000);
    expect(watch.getState().status).toBe("ready");
  });
});
