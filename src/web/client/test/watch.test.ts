import { describe, expect, it, vi } from "vitest";
import { createModulesClient } from "../src/index.js";
import { FakeService, json, moduleOf, problem } from "./fake-service.js";
import { fakeTime, listenersOf, pass, watchRed } from "./harness.js";

fakeTime();

describe("a watch", () => {
  it("is loading, then ready, by one request and one stream", async () => {
    const { service, statuses, watch } = watchRed();
    await pass();
    expect(statuses()).toEqual(["loading", "ready"]);
    expect(watch.getState()).toMatchObject({ ageMs: 0, error: null, map: { version: "s1.o1.w1", available: ["kb", "chat"] } });
    expect(service.maps.map((a) => a.path)).toEqual(["/api/platform/workspaces/red/context"]);
    expect(service.streams.map((a) => [a.path, a.headers.get("last-event-id")])).toEqual([["/api/platform/workspaces/red/events", "s1.o1.w1"]]);
  });

  it("follows a change that the stream tells of, and asks for at least that", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.change("s1.o1.w2", [moduleOf("kb", { isAvailable: false }), moduleOf("chat")]);
    await pass();
    expect(watch.getState().map).toMatchObject({ version: "s1.o1.w2", available: ["chat"] });
    expect(service.maps.at(-1)?.path).toBe("/api/platform/workspaces/red/context?atLeast=s1.o1.w2");
  });

  it("keeps the objects of modules that say the same", async () => {
    const { service, watch } = watchRed();
    await pass();
    const before = watch.getState().map;
    service.change("s1.o1.w2", [moduleOf("kb", { config: { a: 1 } }), moduleOf("chat")]);
    await pass();
    const after = watch.getState().map;
    expect(after?.byName.get("chat")).toBe(before?.byName.get("chat"));
    expect(after?.byName.get("kb")).not.toBe(before?.byName.get("kb"));
  });

  it("has the context of the workspace (D1), which follows changes and roles", async () => {
    const { service, watch } = watchRed();
    await pass();
    const before = watch.getState().map?.context;
    expect(before).toEqual(service.context);

    service.change("s1.o1.w2", []);
    await pass();
    expect(watch.getState().map?.context).toBe(before);

    service.context = { ...service.context, userRole: "ws_user" };
    await watch.refresh();
    expect(watch.getState().map).toMatchObject({ version: "s1.o1.w2", context: { userRole: "ws_user" } });
    await watch.refresh();
    expect(service.maps.at(-1)?.headers.get("if-none-match")).toBe('"s1.o1.w2:ws_user"');
  });

  it("asks for the map alone where the context is not wanted", async () => {
    const { service, watch } = watchRed({ context: false });
    await pass();
    expect(service.maps.map((a) => a.path)).toEqual(["/api/platform/workspaces/red/modules"]);
    expect(watch.getState().map?.context).toBeNull();
  });

  it("is shared: thousands who subscribe are one request and one stream", async () => {
    const { client, service } = watchRed();
    for (let i = 0; i < 5_000; i++) {
      client.workspace("red").subscribe(() => undefined);
    }

    await pass();
    expect([service.maps.length, service.streams.length]).toEqual([1, 1]);
  });

  it("stays connected for a moment after the last one left, then closes", async () => {
    const { service, stop, watch } = watchRed();
    await pass();
    stop();
    await pass(4_000);
    const again = watch.subscribe(() => undefined);
    await pass(60_000);
    expect(service.openStreams).toBe(1);
    again();
    await pass(5_000);
    expect(service.openStreams).toBe(0);
    await pass(600_000);
    expect(service.asked.length).toBe(2);
  });

  it("leaves nothing running when it is closed", async () => {
    const [page, network] = [Object.assign(new EventTarget(), { visibilityState: "visible" }), new EventTarget()];
    const [ofPage, ofNetwork] = [listenersOf(page), listenersOf(network)];
    vi.stubGlobal("document", page);
    vi.stubGlobal("window", network);
    const service = new FakeService();
    const timers = vi.getTimerCount();
    const { stop } = watchRed({}, service);
    await pass();
    expect([ofPage.size, ofNetwork.size]).toEqual([1, 1]);
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    stop();
    await pass(5_000);
    expect([ofPage.size, ofNetwork.size, vi.getTimerCount()]).toEqual([0, 0, timers]);
  });

  it("goes past every cache between, as it has its own", async () => {
    const { service } = watchRed();
    await pass();
    expect(service.asked.map((a) => a.cache)).toEqual(["no-store", "no-store"]);
  });

  it("opens no stream when the last one left before the map came", async () => {
    const service = new FakeService();
    let answer: () => void = () => undefined;
    service.instead = () => new Promise((resolve) => {
      answer = () => resolve(json(200, { version: service.version, modules: service.modules }));
    });
    const { stop, watch } = watchRed({}, service);
    stop();
    await pass(6_000);
    answer();
    await pass(60_000);
    expect(watch.getState().map?.version).toBe("s1.o1.w1");
    expect(service.streams.length).toBe(0);
  });

  it("continues where it ended when somebody subscribes later: no flash of nothing", async () => {
    const { service, stop, watch } = watchRed();
    await pass();
    stop();
    await pass(3_600_000);
    service.version = "s1.o1.w2";
    const states: unknown[] = [];
    watch.subscribe(() => states.push([watch.getState().status, watch.getState().map?.version]));
    await pass();
    expect(states).toEqual([["loading", "s1.o1.w1"], ["ready", "s1.o1.w2"]]);
  });

  it("never goes backwards, whatever answers", async () => {
    const { service, states, watch } = watchRed();
    service.version = "s5.o2.w1";
    await pass();
    service.change("s4.o3.w1", []);
    await pass(3_000);
    expect(watch.getState().map?.version).toBe("s5.o2.w1");
    expect(service.maps.some((a) => a.path.endsWith("?atLeast=s5.o3.w1"))).toBe(true);

    service.change("s5.o3.w1", [moduleOf("kb")]);
    await pass(60_000);
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "s5.o3.w1" } });
    expect([...new Set(states.map((s) => s.map?.version))]).toEqual([undefined, "s5.o2.w1", "s5.o3.w1"]);
  });

  it("goes on after the service was restored from a backup: a later epoch is newer", async () => {
    const { service, watch } = watchRed();
    service.version = "s9.o9.w9";
    await pass();
    service.change("e1.s2.o1.w1", []);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "ready", map: { version: "e1.s2.o1.w1" } });
  });

  it("asks at once when told to, and shares that request", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.version = "s1.o1.w9";
    const states = await Promise.all([watch.refresh(), watch.refresh()]);
    expect(states.map((s) => s.map?.version)).toEqual(["s1.o1.w9", "s1.o1.w9"]);
    expect(service.maps.length).toBe(2);
  });

  it("drops everything when the stream says deleted", async () => {
    const { service, watch } = watchRed();
    await pass();
    service.instead = () => problem(404, "workspace-not-found");
    service.send("event: deleted\ndata: {}\n\n");
    await pass();
    expect(watch.getState()).toMatchObject({ status: "error", map: null, error: { kind: "deleted" } });
  });

  it("goes on when a listener throws", async () => {
    const { errors, service, states, watch } = watchRed();
    watch.subscribe(() => {
      throw new Error("mine");
    });
    await pass();
    service.change("s1.o1.w2", []);
    await pass();
    expect(states.at(-1)?.map?.version).toBe("s1.o1.w2");
    expect(String(errors[0])).toContain("mine");
  });
});

describe("the registry", () => {
  it("has no stream, is polled, and follows the scopes that are watched instead", async () => {
    const service = new FakeService();
    let revision = 1;
    service.instead = ({ path }) => path.startsWith("/api/platform/modules") ? json(200, { modules: [moduleOf("kb")], version: `s${revision}` }) : null;
    const client = createModulesClient({ fetch: service.fetch });
    const { registry } = client;
    registry.subscribe(() => undefined);
    await pass();
    expect(registry.getState()).toMatchObject({ status: "ready", map: { version: "s1" } });
    revision = 2;
    await pass(30_000);
    expect(registry.getState().map?.version).toBe("s2");

    const stop = client.workspace("red").subscribe(() => undefined);
    await pass(5_000);
    revision = 3;
    service.change("s3.o1.w1", []);
    await pass();
    expect(registry.getState().map?.version).toBe("s3");
    service.asked.length = 0;
    await pass(120_000);
    expect([registry.getState().status, service.maps]).toEqual(["ready", []]);

    stop();
    revision = 4;
    await pass(60_000);
    expect(registry.getState().map?.version).toBe("s4");
    expect(service.asked.some((a) => a.path === "/api/platform/events")).toBe(false);
  });
});

describe("a refresh that helped", () => {
  it("ends the long pause of what is polled, which goes on being polled", async () => {
    const service = new FakeService();
    service.instead = () => problem(503, "starting", { "retry-after": "600" });
    const { registry } = createModulesClient({ fetch: service.fetch });
    registry.subscribe(() => undefined);
    await pass();
    expect(registry.getState().status).toBe("error");
    service.instead = () => json(200, { modules: [], version: "s1" });
    expect((await registry.refresh()).status).toBe("ready");
    await pass(400_000);
    expect(registry.getState()).toMatchObject({ status: "ready", ageMs: 0 });
  });
});

describe("a change", () => {
  it("is in the map when it returns", async () => {
    const { client, service, watch } = watchRed();
    await pass();
    service.version = "s1.o1.w2";
    const receipt = await client.override({ kind: "workspace", id: "red" }, "kb", { isEnabled: false }, { ifMatch: "s1.o1.w1", reason: "ä", force: true });
    expect(receipt.version).toBe("s1.o1.w2");
    expect(watch.getState().map?.version).toBe("s1.o1.w2");
    const put = service.asked.find((a) => a.method === "PUT");
    expect(put).toMatchObject({ path: "/api/platform/workspaces/red/modules/kb?force=true", body: '{"isEnabled":false}' });
    expect([put?.headers.get("if-match"), put?.headers.get("x-change-reason")]).toEqual(['"s1.o1.w1"', "%C3%A4"]);
  });

  it("is taken back by null, with the method DELETE and no body", async () => {
    const { client, service } = watchRed();
    await client.override({ kind: "org", id: "a b" }, "kb", null);
    expect(service.asked.find((a) => a.method === "DELETE")).toMatchObject({ path: "/api/platform/orgs/a%20b/modules/kb", body: "" });
  });

  it("says why it was refused, and is not repeated", async () => {
    const { client, service } = watchRed();
    await pass();
    service.instead = ({ method }) => method === "PUT" ? problem(409, "parent-disabled") : null;
    await expect(client.override({ kind: "workspace", id: "red" }, "kb", { isEnabled: true }))
      .rejects.toMatchObject({ kind: "rejected", problem: { code: "parent-disabled" } });
    expect(service.asked.filter((a) => a.method === "PUT").length).toBe(1);
  });
});
