import { describe, expect, it } from "vitest";
import { FakeService, json, moduleOf, problem } from "../fake-service.js";
import { fakeTime, MemoryStorage, pass, watchRed } from "../harness.js";

fakeTime();

const map = { version: "s1.o1.w1", modules: [moduleOf("kb")] };

describe("garbage", () => {
  it.each([
    ["a page of a proxy", () => new Response("<html>Sign in to the hotel</html>", { headers: { "content-type": "text/html" } })],
    ["another object", () => json(200, { hello: "world" })],
    ["no modules", () => json(200, { version: "s1.o1.w1", modules: [{ name: "kb" }] })],
    ["null", () => json(200, null)],
    ["304 to what was not asked", () => new Response(null, { status: 304 })],
    ["a context that is nothing but its map", () => json(200, { moduleAvailability: map })],
    ["a context without features", ({ context }) => json(200, { ...context, features: null, moduleAvailability: map })],
    ["a context whose name is no text", ({ context }) => json(200, { ...context, workspace: { id: "red", name: {} }, moduleAvailability: map })],
    ["a context whose order of tabs is no list", ({ context }) => json(200, { ...context, tabOrder: "kb", moduleAvailability: map })],
    ["a context that is a number", () => json(200, { ...map, context: 5 })],
    ["entries that are none", () => json(200, { ...map, items: [null] })],
    ["an entry whose label is no text", () => json(200, { ...map, items: [{ route: "/", children: [{ label: {} }] }] })],
    ["an entry whose children are no list", () => json(200, { ...map, items: [{ route: "/", children: "abc" }] })],
  ] as [string, (service: FakeService) => Response][])("in place of the map: %s", async (_, answer) => {
    const service = new FakeService();
    service.instead = () => answer(service);
    const { watch } = watchRed({}, service);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "error", error: { kind: "bad-answer" } });
    service.comeBack();
    await pass(10_000);
    expect(watch.getState().status).toBe("ready");
  });

  it.each([
    ["no JSON", "{oops"],
    ["a context that is empty", JSON.stringify({ ...map, atMs: Date.UTC(2026, 0, 1), tag: null, context: {} })],
    ["no time", JSON.stringify(map)],
    ["null", "null"],
  ])("in the storage: %s", async (_, text) => {
    const storage = new MemoryStorage();
    storage.set("/api/platform/workspaces/red/context", text);
    const { states, watch } = watchRed({ storage });
    expect(states[0]).toMatchObject({ status: "loading", map: null });
    await pass();
    expect(watch.getState().status).toBe("ready");
  });

  it.each([
    ["no JSON", "event: version\ndata: {oops\n\n"],
    ["null", "event: version\ndata: null\n\n"],
    ["no version", 'event: version\ndata: {"version":"latest"}\n\n'],
    ["a version of another kind of scope", 'event: version\ndata: {"version":"s9"}\n\n'],
    ["a version that is never reached", 'event: version\ndata: {"version":"s999.o999.w999"}\n\n'],
    ["unknown events", "event: party\ndata: 1\n\nfoo\n\n:\n\n"],
    ["bytes that are no text", Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0x00, 0xc3, 0x0a, 0x0a)],
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
