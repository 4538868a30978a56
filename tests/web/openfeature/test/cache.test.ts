import { OpenFeature } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import "../src/browser.js";
import { opened } from "../src/browser.js";
import { Events } from "../src/events.js";
import { Server } from "../src/server.js";

/** What browsers keep for pages of one origin. */
const stored = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  },
});

const client = OpenFeature.getClient();
const limit = () => client.getNumberDetails("module-kb.config.limit", 0);
let server: Server;
let gate = Promise.resolve();

/** Holds evaluations back until what it answers is called. */
const hold = (): (() => void) => {
  let release: () => void = () => undefined;
  gate = new Promise((resolve) => (release = resolve));
  return release;
};

/** Starts as a page does that is opened. */
const open = async (cacheMode?: "network-first" | "disabled"): Promise<void> => {
  await OpenFeature.clearProviders();
  opened.length = 0;
  await OpenFeature.setContext({ targetingKey: "w1" });
  await OpenFeature.setProviderAndWait(
    new OFREPWebProvider({
      baseUrl: server.url,
      headers: server.headers,
      fetchImplementation: (input, init) => gate.then(() => fetch(input, init)),
      ...(cacheMode ? { cacheMode } : {}),
    }),
  );
};

const change = (value: number): Promise<void> => server.override("module-kb", { configOverrides: { limit: value } });
const ticket = (): string => new URL(opened[0]!).searchParams.get("ticket")!;

describe("web provider with a local storage", () => {
  beforeAll(async () => {
    server = await Server.start();
    await server.load();
  });

  beforeEach(async () => {
    await OpenFeature.clearProviders();
    stored.clear();
    gate = Promise.resolve();
    await change(1);
  });

  afterAll(async () => {
    await OpenFeature.clearProviders();
    await server.stop();
  });

  it("by default the next page starts with the values of the last one, and becomes right by itself", async () => {
    await open();
    expect(limit()).toMatchObject({ value: 1, reason: "TARGETING_MATCH" });
    await OpenFeature.clearProviders();
    await change(2);
    const release = hold();

    await open();
    expect(limit()).toMatchObject({ value: 1, reason: "CACHED" });

    const events = new Events();
    release();
    await events.next(() => limit().value === 2);
    expect(limit().reason).toBe("TARGETING_MATCH");
    events.dispose();
  });

  it("by default an organization starts with the values of a workspace of the same id", async () => {
    await server.send("PUT", "/api/platform/orgs/w1", {});
    await open();
    const release = hold();

    await OpenFeature.setContext({ targetingKey: "w1", scopeKind: "org" });
    expect(limit()).toMatchObject({ value: 1, reason: "CACHED" });

    const events = new Events();
    release();
    await events.next(() => limit().value === 20);
    events.dispose();
  });

  it.each([
    ["by default", undefined],
    ["network-first", "network-first"],
  ] as const)("%s the address of the stream is stored", async (_, cacheMode) => {
    await open(cacheMode);

    expect([...stored.values()].join()).toContain(ticket());
  });

  it("network-first starts with the values of now", async () => {
    await open("network-first");
    await OpenFeature.clearProviders();
    await change(2);

    await open("network-first");

    expect(limit()).toMatchObject({ value: 2, reason: "TARGETING_MATCH" });
  });

  it("disabled starts with the values of now, and stores nothing", async () => {
    await open("disabled");
    await OpenFeature.clearProviders();
    await change(2);

    await open("disabled");

    expect(limit()).toMatchObject({ value: 2, reason: "TARGETING_MATCH" });
    expect(ticket()).not.toBe("");
    expect(stored.size).toBe(0);
  });
});
