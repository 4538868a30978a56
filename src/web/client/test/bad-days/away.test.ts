import { describe, expect, it, vi } from "vitest";
import { FakeService, moduleOf, problem } from "../fake-service.js";
import { day, fakeTime, MemoryStorage, never, pass, storedBefore, watchRed } from "../harness.js";

fakeTime();

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
