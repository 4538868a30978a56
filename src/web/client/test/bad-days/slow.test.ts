import { describe, expect, it } from "vitest";
import { FakeService } from "../fake-service.js";
import { fakeTime, never, pass, storedBefore, watchRed } from "../harness.js";

fakeTime();

describe("the service is slow", () => {
  it("is loading until the time limit, then says timeout, and heals", async () => {
    const service = new FakeService();
    service.instead = never;
    const { watch } = watchRed({}, service);
    await pass(9_000);
    expect(watch.getState().status).toBe("loading");
    await pass(1_500);
    expect(watch.getState()).toMatchObject({ status: "error", error: { kind: "timeout" } });
    service.comeBack();
    await pass(5_000);
    expect(watch.getState().status).toBe("ready");
  });

  it("shows a stored map at once, and calls it stale after the grace", async () => {
    const storage = await storedBefore(3_600_000);
    const service = new FakeService();
    service.instead = never;
    const { watch } = watchRed({ storage }, service);
    await pass(4_000);
    expect(watch.getState()).toMatchObject({ status: "loading", map: { version: "s1.o1.w1" } });
    await pass(6_000);
    expect(watch.getState().status).toBe("stale");
  });

  it("limits the time of a body that never ends, too", async () => {
    const service = new FakeService();
    service.instead = () => new Response(new ReadableStream({ pull: () => new Promise<void>(() => undefined) }), { headers: { "content-type": "application/json" } });
    const { watch } = watchRed({ timeoutMs: 1_000 }, service);
    await pass(1_100);
    expect(watch.getState().error?.kind).toBe("timeout");
  });

  it("limits the time of a token that never comes, too", async () => {
    const { watch } = watchRed({ timeoutMs: 1_000, token: () => new Promise(() => undefined) });
    await pass(1_100);
    expect(watch.getState().error?.kind).toBe("timeout");
  });
});
