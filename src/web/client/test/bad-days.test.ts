import { describe, expect, it, vi } from "vitest";
import { FakeService, json, moduleOf, problem } from "./fake-service.js";
import { MemoryStorage, pass, fakeTime, watchRed } from "./harness.js";

fakeTime();

const day = 86_400_000;
const never = () => new Promise<Response>(() => undefined);

/** What an earlier page load left behind, `ageMs` ago. */
async function storedBefore(ageMs: number): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const { stop } = watchRed({ storage, lingerMs: 0 });
  await pass();
  stop();
  await pass(ageMs);
  return storage;
}

describe("the service is away at start", () => {
  it("is a clear error where nothing is known, and heals by itself", async () => {
    const service = new FakeService();
    service.goAway();
    const { statuses, watch } = watchRed({}, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "error", map: null, error: { kind: "network" } });
    await pass(60_000);
    service.comeBack();
    await pass(30_000);
    expect(statuses().at(-1)).toBe("ready");
  });

  it("shows the last-known-good map with its age", async () => {
    const storage = await storedBefore(3_600_000);
    const service = new FakeService();
    service.goAway();
    const { states } = watchRed({ storage }, service);
    expect(states[0]).toMatchObject({ status: "loading", map: { available: ["kb", "chat"] } });
    await pass();
    expect(states.at(-1)).toMatchObject({ status: "stale", map: { version: "s1.o1.w1" }, error: { kind: "network" } });
    expect(states.at(-1)?.ageMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it("waits longer and longer between tries, never longer than 45 seconds", async () => {
    const service = new FakeService();
    service.goAway();
    watchRed({}, service);
    const times: number[] = [];
    service.instead = () => {
      times.push(Date.now());
      return Promise.reject(new TypeError("fetch failed"));
    };
    await pass(300_000);
    const waits = times.slice(1).map((t, i) => t - times[i]!);
    expect(waits.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(45_000);
  });

  it("spreads its tries: two pages do not ask at the same moment", async () => {
    const at = async (random: number) => {
      vi.spyOn(Math, "random").mockReturnValue(random);
      const service = new FakeService();
      service.goAway();
      const start = Date.now();
      watchRed({}, service);
      await pass();
      let second = 0;
      service.instead = () => {
        second ||= Date.now() - start;
        return never();
      };
      await pass(10_000);
      return second;
    };
    expect(await at(0)).toBe(500);
    expect(await at(0.999)).toBeGreaterThan(1_400);
  });

  it("does not use a map that is too old, or a text that is none", async () => {
    const old = await storedBefore(8 * day);
    const broken = new MemoryStorage();
    broken.set("/api/platform/workspaces/red/context", "{oops");
    for (const storage of [old, broken]) {
      const service = new FakeService();
      service.goAway();
      const { watch } = watchRed({ storage }, service);
      await pass();
      expect(watch.getState()).toMatchObject({ status: "error", map: null });
    }
  });

  it("takes a storage that answers later, and one that throws", async () => {
    const kept = await storedBefore(1_000);
    const service = new FakeService();
    service.goAway();
    const later = { get: (key: string) => Promise.resolve(kept.get(key)), set: () => Promise.reject(new Error("full")), remove: () => undefined, clear: () => undefined };
    const slow = watchRed({ storage: later }, service);
    await pass();
    expect(slow.watch.getState().status).toBe("stale");

    const thrower = () => {
      throw new Error("closed");
    };
    const { errors, watch } = watchRed({ storage: { get: thrower, set: thrower, remove: thrower, clear: thrower } });
    await pass();
    expect(watch.getState().status).toBe("ready");
    expect(errors.map(String)).toContain("Error: closed");
  });

  it("replaces a stored map by what the service says, even if that is an older version", async () => {
    const storage = await storedBefore(1_000_000);
    const service = new FakeService();
    service.version = "s1.o0.w0";
    const { watch } = watchRed({ storage }, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s1.o0.w0" } });
  });

  it("confirms a stored map by one small request", async () => {
    const storage = await storedBefore(1_000_000);
    const { service, watch } = watchRed({ storage });
    await pass();
    expect(watch.getState().status).toBe("ready");
    expect(service.maps.map((a) => a.headers.get("if-none-match"))).toEqual(['"s1.o1.w1:ws_admin"']);
    expect(watch.getState().map?.context?.workspace.name).toBe("Red");
  });
});

describe("the service goes away later", () => {
  it("is ready for a moment of grace, then stale with a growing age, then ready again", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.goAway();
    await pass(4_000);
    expect(watch.getState().status).toBe("ready");
    await pass(20_000);
    const first = watch.getState();
    expect(first).toMatchObject({ status: "stale", map: { available: ["kb", "chat"] }, error: { kind: "network" } });
    await pass(60_000);
    expect(watch.getState().ageMs).toBeGreaterThan(first.ageMs + 50_000);
    service.comeBack();
    await pass(45_000);
    expect(watch.getState()).toMatchObject({ status: "ready", ageMs: 0, error: null });
  });

  it("does not show a restart that is over within the grace, and catches up what happened in the gap", async () => {
    const { service, statuses, watch } = watchRed();
    await pass();
    service.send("event: bye\ndata: {}\n\n");
    service.end();
    service.version = "s2.o1.w1";
    service.modules = [moduleOf("kb")];
    await pass(2_000);
    expect(watch.getState().map?.version).toBe("s2.o1.w1");
    expect(new Set(statuses().slice(1))).toEqual(new Set(["ready"]));
    expect(service.streams.at(-1)?.headers.get("last-event-id")).toBe("s1.o1.w1");
  });

  it("polls where streams are refused", async () => {
    const service = new FakeService();
    service.instead = ({ path }) => path.endsWith("/events") ? problem(503, "too-many-streams", { "retry-after": "5" }) : null;
    const { statuses, watch } = watchRed({}, service);
    await pass();
    service.version = "s1.o1.w2";
    await pass(30_000);
    expect(watch.getState().map?.version).toBe("s1.o1.w2");
    await pass(300_000);
    expect(statuses()).not.toContain("stale");
  });

  it("notices a stream that is open and says nothing any more, and one that never says anything", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.beats = false;
    await pass(55_000);
    expect(service.streams.length).toBe(2);
    service.instead = ({ path, signal }) => path.endsWith("/events") ? service.stream(signal) : null;
    service.version = "s1.o1.w2";
    await pass(200_000);
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s1.o1.w2" } });
  });

  it("reconnects at once when the network is back", async () => {
    const network = new EventTarget();
    vi.stubGlobal("window", network);
    const { service, watch } = watchRed();
    await pass();
    service.goAway();
    await pass(200_000);
    service.comeBack();
    network.dispatchEvent(new Event("online"));
    await pass();
    expect(watch.getState().status).toBe("ready");
  });
});

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

describe("garbage", () => {
  it.each([
    ["a page of a proxy", () => new Response("<html>Sign in to the hotel</html>", { headers: { "content-type": "text/html" } })],
    ["another object", () => json(200, { hello: "world" })],
    ["no modules", () => json(200, { version: "s1.o1.w1", modules: [{ name: "kb" }] })],
    ["null", () => json(200, null)],
    ["304 to what was not asked", () => new Response(null, { status: 304 })],
  ])("in place of the map: %s", async (_, answer) => {
    const service = new FakeService();
    service.instead = answer;
    const { watch } = watchRed({}, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "error", error: { kind: "bad-answer" } });
    service.comeBack();
    await pass(10_000);
    expect(watch.getState().status).toBe("ready");
  });

  it.each([
    ["no JSON", "event: version\ndata: {oops\n\n"],
    ["null", "event: version\ndata: null\n\n"],
    ["no version", 'event: version\ndata: {"version":"latest"}\n\n'],
    ["a version of another kind of scope", 'event: version\ndata: {"version":"s9"}\n\n'],
    ["a version that is never reached", 'event: version\ndata: {"version":"s999.o999.w999"}\n\n'],
    ["unknown events", "event: party\ndata: 1\n\nfoo\n\n:\n\n"],
    ["bytes that are no text", "data: \uD800\u0000\n\n"],
    ["a line without end", "x".repeat(100_000)],
  ])("on the stream: %s", async (_, text) => {
    const { service, statuses, watch } = watchRed();
    await pass();
    service.instead = ({ path }) => path.includes("atLeast=s999") ? problem(503, "version-not-reached", { "retry-after": "1" }) : null;
    service.send(text);
    await pass(5_000);
    service.change("s1.o1.w2", [moduleOf("kb")]);
    await pass(60_000);
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s1.o1.w2" } });
    expect(statuses()).not.toContain("stale");
    expect(statuses()).not.toContain("error");
  });

  it("in place of the stream: a page with status 200, without end", async () => {
    const service = new FakeService();
    service.instead = ({ path }) => path.endsWith("/events") ? new Response("<html>", { headers: { "content-type": "text/html" } }) : null;
    const { statuses } = watchRed({}, service);
    await pass(120_000);
    expect(statuses().at(-1)).toBe("ready");
    expect(service.streams.length).toBeLessThan(8);
  });

  it("a stream that ends at once is not asked for again and again", async () => {
    const service = new FakeService();
    service.instead = ({ path }) => path.endsWith("/events") ? new Response("", { headers: { "content-type": "text/event-stream" } }) : null;
    const { watch } = watchRed({}, service);
    await pass(120_000);
    expect(watch.getState().status).toBe("ready");
    expect(service.streams.length).toBeLessThan(8);
  });
});

describe("clocks", () => {
  it.each([["forwards", 400 * day], ["backwards", -400 * day]])("the wall clock jumps %s: nothing is lost, and it is confirmed again", async (_, jump) => {
    const { service, watch } = watchRed();
    await pass();
    vi.setSystemTime(Date.now() + jump);
    await pass(10_000);
    expect(watch.getState()).toMatchObject({ status: "ready", ageMs: 0 });
    service.change("s1.o1.w2", []);
    await pass();
    expect(watch.getState().map?.version).toBe("s1.o1.w2");
  });

  it("an age is never negative, and does not shrink when the clock is set back", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.goAway();
    await pass(100_000);
    const { ageMs } = watch.getState();
    vi.setSystemTime(Date.now() - day);
    await pass(20_000);
    expect(watch.getState().ageMs).toBeGreaterThan(ageMs);
  });

  it("a stored map from the future has no age, and is used", async () => {
    const storage = await storedBefore(0);
    vi.setSystemTime(Date.now() - day);
    const service = new FakeService();
    service.goAway();
    const { watch } = watchRed({ storage }, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "stale", ageMs: 0 });
  });
});

describe("a tab asleep for a day", () => {
  // While a machine sleeps no timer runs; some stop the steady clock, too. Then all at once it is tomorrow.
  it("asks again as soon as it wakes, and is not shown as ready before it is", async () => {
    const { service, states, watch } = watchRed();
    await pass();
    service.version = "s2.o1.w1";
    vi.setSystemTime(Date.now() + day);
    await pass(5_000);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s2.o1.w1" } });
    expect(states.filter((s) => s.status === "stale" || s.status === "error")).toEqual([]);
  });

  it("shows its age where the service is away by then", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.goAway();
    vi.setSystemTime(Date.now() + day);
    await pass(15_000);
    expect(watch.getState().status).toBe("stale");
    expect(watch.getState().ageMs).toBeGreaterThanOrEqual(day);
  });

  it("gives its connection up in the background, and takes it up when it is seen", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    const { service, watch } = watchRed();
    await pass();
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    await pass(61_000);
    expect(service.openStreams).toBe(0);
    const asked = service.asked.length;
    await pass(day);
    expect(service.asked.length).toBe(asked);

    service.version = "s1.o1.w2";
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(watch.getState()).toMatchObject({ status: "loading", map: { version: "s1.o1.w1" } });
    await pass();
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s1.o1.w2" } });
    expect(service.openStreams).toBe(1);
  });

  it("does not stay connected where the page was opened in the background", async () => {
    vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "hidden" }));
    const { service, watch } = watchRed();
    await pass();
    expect(watch.getState().status).toBe("ready");
    await pass(61_000);
    expect(service.openStreams).toBe(0);
  });
});

describe("sign-out", () => {
  it("lets go of everything, also of an answer that is on its way", async () => {
    const storage = new MemoryStorage();
    const { client, service, watch } = watchRed({ storage });
    await pass();
    let answer: (response: Response) => void = () => undefined;
    service.instead = () => new Promise((resolve) => {
      answer = resolve;
    });
    void watch.refresh();
    client.forget();
    const asked = service.asked.length;
    answer(json(200, { version: "s1.o1.w9", modules: [moduleOf("secret")] }));
    await pass();
    expect(watch.getState()).toMatchObject({ map: null });
    expect(storage.texts.size).toBe(0);
    expect(service.asked.length).toBeGreaterThanOrEqual(asked);
  });
});
