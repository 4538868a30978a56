import { describe, expect, it, vi } from "vitest";
import { FakeService } from "../fake-service.js";
import { day, fakeTime, pass, storedBefore, watchRed } from "../harness.js";

fakeTime();

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
  it("is stale with its age at the first look, and asks again as soon as it wakes", async () => {
    const { service, states, watch } = watchRed();
    await pass();
    service.version = "s2.o1.w1";
    states.length = 0;
    vi.setSystemTime(Date.now() + day);
    expect(watch.getState()).toMatchObject({ status: "stale", ageMs: day, error: null, map: { version: "s1.o1.w1" } });
    expect(watch.getState()).toBe(watch.getState());
    await pass(4_900);
    expect(watch.getState().status).toBe("stale");
    await pass(100);
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s2.o1.w1" } });
    expect(states.map((s) => [s.status, s.map?.version])).toEqual([["stale", "s1.o1.w1"], ["ready", "s2.o1.w1"]]);
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
