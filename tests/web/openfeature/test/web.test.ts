import { OpenFeature, ProviderEvents, ErrorCode } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import "../src/browser.js";
import { opened, requests } from "../src/browser.js";
import { Events } from "../src/events.js";
import { Proxy } from "../src/proxy.js";
import { Server } from "../src/server.js";

const client = OpenFeature.getClient();
let server: Server;
let proxy: Proxy;

const connect = async (baseUrl: string, fetchImplementation = fetch): Promise<void> => {
  opened.length = 0;
  requests.length = 0;
  await OpenFeature.setContext({ targetingKey: "w1" });
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl, headers: server.headers, cacheMode: "disabled", fetchImplementation }));
};

/** Waits until the client is listening: it is told the version at once. */
const listening = async (): Promise<void> => {
  await expect.poll(() => requests.some((r) => r.status === 200)).toBe(true);
};

describe("web provider", () => {
  beforeAll(async () => {
    server = await Server.start({ Logging__LogLevel__Default: "Trace", "Logging__LogLevel__Microsoft.AspNetCore": "Trace", "Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics": "Trace" });
    await server.load();
    proxy = await Proxy.start(server.url);
  });

  afterEach(async () => {
    await OpenFeature.clearProviders();
  });

  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  it("init: values of every type are there, with who decided", async () => {
    await connect(server.url);

    const available = client.getBooleanDetails("module-kb", false);
    expect(available).toMatchObject({ value: true, reason: "STATIC", flagMetadata: { decidedBy: "system", available: true } });
    expect(client.getNumberValue("module-kb.config.limit", 0)).toBe(20);
    expect(client.getStringValue("module-kb.config.mode", "")).toBe("fast");
    expect(client.getNumberValue("module-kb.config.search.depth", 0)).toBe(3);
    expect(client.getObjectValue("module-kb.config.search", {})).toEqual({ depth: 3 });
    expect(client.getObjectValue("module-kb.config.tags", {})).toEqual({ items: ["a", "b"] });
    expect(client.getBooleanValue("module-kb.flags.beta", true)).toBe(false);
  });

  it("T11: a wrong type is TYPE_MISMATCH, an unknown key FLAG_NOT_FOUND", async () => {
    await connect(server.url);

    expect(client.getStringDetails("module-kb", "x")).toMatchObject({ value: "x", errorCode: ErrorCode.TYPE_MISMATCH });
    expect(client.getBooleanDetails("module-none", true)).toMatchObject({ value: true, errorCode: ErrorCode.FLAG_NOT_FOUND });
  });

  it("T9: headers are given as tuples", async () => {
    await OpenFeature.setContext({ targetingKey: "w1" });
    const map = { Authorization: "Bearer x" } as unknown as [string, string][];

    await expect(OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: server.url, headers: map, cacheMode: "disabled" }))).rejects.toThrow();
  });

  it("T1: the stream is opened without credentials, and no log has its address", async () => {
    await connect(server.url);
    await listening();

    expect(Object.keys(requests[0]!.headers).map((h) => h.toLowerCase())).not.toContain("authorization");
    const ticket = new URL(opened[0]!).searchParams.get("ticket")!;
    expect(ticket.length).toBeGreaterThan(40);
    expect(server.log).toContain("/api/platform/modules"); // it does log requests, as told above
    expect(server.log).not.toContain(ticket);
  });

  it("change by push: ConfigurationChanged names the flags", async () => {
    await connect(server.url);
    await listening();
    const events = new Events();

    await server.override("module-kb", { isEnabled: false });
    const changed = await events.next((e) => (e["flagsChanged"] as string[] | undefined)?.includes("module-kb") === true);

    expect(changed).toBeDefined();
    expect(client.getBooleanDetails("module-kb", true)).toMatchObject({ value: false, reason: "DISABLED", flagMetadata: { blockedBy: "workspace/w1" } });
    const before = performance.now();
    await server.override("module-kb", { isEnabled: null });
    await events.next(() => client.getBooleanValue("module-kb", false)); // a busy client may tell of one change twice
    console.info(`from sending a change to ConfigurationChanged: ${(performance.now() - before).toFixed(0)} ms; the client waits 50 of them`);
    events.dispose();
  });

  it("T5: changes that follow each other fast end in the newest values, with fewer evaluations than changes", async () => {
    let evaluations = 0;
    await connect(server.url, (input, init) => {
      evaluations++;
      return fetch(input, init);
    });
    await listening();
    const [events, values] = [new Events(), Array.from({ length: 30 }, (_, value) => value)];

    await Promise.all(values.map((value) => server.send("PATCH", "/api/platform/workspaces/w1/modules/module-kb", { configOverrides: { [`n${value}`]: value } })));
    await events.next(() => values.every((value) => client.getNumberValue(`module-kb.config.n${value}`, -1) === value));

    expect(evaluations).toBeLessThan(values.length);
    events.dispose();
  });

  it("T2: a change in the gap between two connections is seen after the reconnect", async () => {
    await connect(proxy.url);
    await listening();
    const [stale, events] = [new Events(ProviderEvents.Stale), new Events()];

    proxy.cut();
    await stale.next();
    await server.override("module-kb", { configOverrides: { limit: 99 } });
    proxy.mend();
    await events.next(() => client.getNumberValue("module-kb.config.limit", 0) === 99);

    await expect.poll(() => requests.filter((r) => r.status === 200).length).toBeGreaterThanOrEqual(2);
    expect(requests.at(-1)!.headers["Last-Event-ID"]).toBeDefined();
    stale.dispose();
    events.dispose();
  });

  it("T4: context change: another workspace, and an organization of the same key, have their own flags", async () => {
    await connect(server.url);
    await server.send("PUT", "/api/platform/orgs/w1", {});
    await server.override("module-chat", { isEnabled: false });

    await OpenFeature.setContext({ targetingKey: "w2" });
    expect(client.getBooleanValue("module-kb", true)).toBe(false);
    expect(client.getBooleanValue("module-chat", false)).toBe(true);

    await OpenFeature.setContext({ targetingKey: "w1" });
    expect(client.getBooleanValue("module-kb", false)).toBe(true);
    expect(client.getBooleanValue("module-chat", true)).toBe(false);

    await OpenFeature.setContext({ targetingKey: "w1", scopeKind: "org" });
    expect(client.getBooleanValue("module-chat", false)).toBe(true);
    await server.override("module-chat", { isEnabled: null });
  });

  it("context change moves the stream to the new workspace", async () => {
    await connect(server.url);
    await listening();
    await OpenFeature.setContext({ targetingKey: "w2" });
    await expect.poll(() => opened.length).toBe(2);
    await expect.poll(() => requests.filter((r) => r.status === 200).length).toBe(2);
    const events = new Events();

    await server.override("module-kb", { isEnabled: true }, "w2");

    await events.next(() => client.getBooleanValue("module-kb", false));
    await server.override("module-kb", { isEnabled: false }, "w2");
    events.dispose();
  });

  it("a workspace that does not exist is an error of the provider", async () => {
    await OpenFeature.setContext({ targetingKey: "nobody" });

    await expect(OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: server.url, headers: server.headers, cacheMode: "disabled" }))).rejects.toThrow();
    expect(client.getBooleanValue("module-kb", false)).toBe(false);
  });
});

describe("web provider, streams that end soon", () => {
  beforeAll(async () => {
    server = await Server.start({ Modules__OpenFeature__StreamLifetime: "00:00:02" });
    await server.load();
  });

  afterAll(async () => {
    await OpenFeature.clearProviders();
    await server.stop();
  });

  it("T3: token expiry during a stream heals with a new address, without a change of flags", async () => {
    await connect(server.url);
    await listening();

    await expect.poll(() => new Set(requests.filter((r) => r.status === 200).map((r) => r.url)).size).toBeGreaterThanOrEqual(3);
    const events = new Events();
    await server.override("module-kb", { configOverrides: { limit: 77 } });

    await events.next(() => client.getNumberValue("module-kb.config.limit", 0) === 77);
    expect(requests.filter((r) => r.status === 401).length).toBeLessThan(opened.length);
    events.dispose();
  });
});
