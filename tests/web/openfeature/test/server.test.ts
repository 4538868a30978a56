import { ErrorCode, OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Server } from "../src/server.js";

let server: Server;
const client = OpenFeature.getClient();
const w1 = { targetingKey: "w1" };

describe("server provider", () => {
  beforeAll(async () => {
    server = await Server.start();
    await server.load();
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: server.url, headers: server.headers }));
  });

  afterAll(async () => {
    await OpenFeature.close();
    await server.stop();
  });

  it("evaluates flags of every type, with version and decider", async () => {
    expect(await client.getBooleanDetails("module-kb", false, w1)).toMatchObject({
      value: true,
      reason: "STATIC",
      flagMetadata: { decidedBy: "system", available: true, version: expect.stringMatching(/s\d+\.o\d+\.w\d+$/) as string },
    });
    expect(await client.getNumberValue("module-kb.config.limit", 0, w1)).toBe(20);
    expect(await client.getStringValue("module-kb.config.mode", "", w1)).toBe("fast");
    expect(await client.getObjectValue("module-kb.config", {}, w1)).toMatchObject({ limit: 20, tags: ["a", "b"] });
    expect(await client.getBooleanValue("module-kb.flags.beta", true, w1)).toBe(false);
  });

  it("sees a change with the next evaluation", async () => {
    await server.override("module-kb", { featureFlagOverrides: { beta: true } });

    expect(await client.getBooleanDetails("module-kb.flags.beta", false, w1)).toMatchObject({ value: true, reason: "TARGETING_MATCH", flagMetadata: { decidedBy: "workspace" } });
  });

  it("takes the scope from the context of each evaluation", async () => {
    expect(await client.getBooleanValue("module-kb", true, { targetingKey: "w2" })).toBe(false);
    expect(await client.getBooleanValue("module-kb", false, { targetingKey: "acme", scopeKind: "org" })).toBe(true);
  });

  it("T8: every key of the bulk answer has a value here too, and a null is not found", async () => {
    const bulk = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, { method: "POST", headers: [["Content-Type", "application/json"], ...server.headers], body: JSON.stringify({ context: w1 }) });
    const { flags } = (await bulk.json()) as { flags: { key: string; value: unknown }[] };

    expect(flags.length).toBeGreaterThan(8);
    for (const { key, value } of flags) {
      const details =
        typeof value === "boolean" ? await client.getBooleanDetails(key, !value, w1)
        : typeof value === "number" ? await client.getNumberDetails(key, -1, w1)
        : typeof value === "string" ? await client.getStringDetails(key, "-", w1)
        : await client.getObjectDetails(key, { none: true }, w1);
      expect(details.errorCode, key).toBeUndefined();
      expect(details.value, key).toEqual(value);
    }
  });

  it("errors have the codes of the protocol", async () => {
    expect(await client.getBooleanDetails("module-none", true, w1)).toMatchObject({ value: true, errorCode: ErrorCode.FLAG_NOT_FOUND });
    expect(await client.getStringDetails("module-kb", "x", w1)).toMatchObject({ errorCode: ErrorCode.TYPE_MISMATCH });
    expect(await client.getBooleanDetails("module-kb", true, {})).toMatchObject({ errorCode: ErrorCode.TARGETING_KEY_MISSING });
    expect(await client.getBooleanDetails("module-kb", true, { targetingKey: "nobody" })).toMatchObject({ errorCode: ErrorCode.INVALID_CONTEXT });
  });
});
