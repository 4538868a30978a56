import { describe, expect, it } from "vitest";
import { FakeService, moduleOf } from "../fake-service.js";
import { fakeTime, MemoryStorage, pass, watchRed } from "../harness.js";

fakeTime();

describe("a node that says of itself that it is stale (C5)", () => {
  it("makes the map stale, with the age that it says", async () => {
    const service = new FakeService();
    service.staleFor = 70;
    const { watch } = watchRed({}, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "stale", ageMs: 70_000, error: { kind: "stale" }, map: { version: "s1.o1.w1" } });
  });

  it("is noticed by its heartbeat, and so is that it is current again; the stream goes on", async () => {
    const { service, statuses, watch } = watchRed();
    await pass();
    service.staleFor = 20;
    await pass(16_000);
    expect(watch.getState()).toMatchObject({ status: "stale", error: { kind: "stale" } });
    expect(watch.getState().ageMs).toBeGreaterThanOrEqual(20_000);
    service.staleFor = 200;
    await pass(180_000);
    expect(watch.getState().ageMs).toBeGreaterThanOrEqual(200_000);
    service.staleFor = null;
    await pass(16_000);
    expect(watch.getState()).toMatchObject({ status: "ready", ageMs: 0, error: null });
    expect(service.streams.length).toBe(1);
    expect(statuses().filter((status, i, all) => status !== all[i - 1])).toEqual(["loading", "ready", "stale", "ready"]);
  });

  it("still tells of changes, which are stale, too", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.staleFor = 30;
    service.change("s1.o1.w2", [moduleOf("kb")]);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "stale", ageMs: 30_000, map: { version: "s1.o1.w2" } });
  });

  it("says so in a 304 and when a stream begins, too", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.staleFor = 30;
    expect(await watch.refresh()).toMatchObject({ status: "stale", ageMs: 30_000 });
    service.staleFor = 40;
    service.end();
    await pass(2_500);
    expect(service.streams.length).toBe(2);
    expect(watch.getState().ageMs).toBeGreaterThanOrEqual(40_000);
  });

  it("does not make a stored map look younger than it is", async () => {
    const storage = new MemoryStorage();
    const service = new FakeService();
    service.staleFor = 3_600;
    watchRed({ storage }, service).stop();
    await pass();
    service.goAway();
    const { watch } = watchRed({ storage }, service);
    await pass();
    expect(watch.getState().status).toBe("stale");
    expect(watch.getState().ageMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it.each(["", "{}", "null", '{"staleFor":"long"}', '{"staleFor":-5}'])("is believed also where it does not say since when: %s", async (data) => {
    const { service, watch } = watchRed({ graceMs: 0 });
    await pass();
    service.send(`event: stale\ndata: ${data}\n\n`);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "stale", error: { kind: "stale" } });
  });
});
