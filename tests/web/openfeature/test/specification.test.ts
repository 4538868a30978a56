import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Change, patch, Specification } from "../src/specification.js";
import { Server } from "../src/server.js";

const flags = "/ofrep/v1/evaluate/flags";
const w1 = { targetingKey: "w1" };
const patched = new Specification(patch);
const [anyOf, codeDefault] = patch as [Change, Change];
let server: Server;

interface Asked {
  status: number;
  headers: Headers;
  text: string;
}

const ask = async (path: string, body: unknown, headers: [string, string][] = server.headers): Promise<Asked> => {
  const answer = await fetch(server.url + path, { method: "POST", headers: [["Content-Type", "application/json"], ...headers], body: typeof body === "string" ? body : JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

/** Asserts status and body; answers the body. */
const fits = (asked: Asked, operation: "single" | "bulk", status: number): Record<string, unknown> => {
  expect(asked.status, asked.text).toBe(status);
  expect(asked.headers.get("content-type")).toBe("application/json");
  const body = JSON.parse(asked.text) as Record<string, unknown>;
  expect(patched.faultsOfAnswer(body, operation, status), asked.text).toEqual([]);
  return body;
};

/** Asserts a status of which the specification does not say the body. */
const refused = (asked: Asked, operation: "single" | "bulk", status: number): void => {
  expect(asked.status, asked.text).toBe(status);
  expect(patched.faultsOfAnswer(null, operation, status)).toBeNull();
};

describe("T6: every answer fits the specification", () => {
  beforeAll(async () => {
    server = await Server.start({ Modules__Api__AtLeastPatience: "00:00:00.010", Modules__Access__Limits__FailedSignInsPerMinute: "2" });
    await server.load();
    await server.send("PUT", "/api/platform/orgs/other", {});
    await server.override("module-kb", { configOverrides: { ratio: 0.5, whole: 3.0, large: 1e21, below: -7, empty: "", none: {}, on: true } });
  });

  afterAll(async () => {
    await server.stop();
  });

  it.each([
    ["module-kb", true],
    ["module-kb.flags.beta", false],
    ["module-kb.config.on", true],
    ["module-kb.config.limit", 20],
    ["module-kb.config.whole", 3],
    ["module-kb.config.below", -7],
    ["module-kb.config.large", 1e21],
    ["module-kb.config.ratio", 0.5],
    ["module-kb.config.mode", "fast"],
    ["module-kb.config.empty", ""],
    ["module-kb.config.search", { depth: 3 }],
    ["module-kb.config.none", {}],
    ["module-kb.config.tags", { items: ["a", "b"] }],
  ])("single 200: %s", async (key, value) => {
    expect(fits(await ask(`${flags}/${key}`, { context: w1 }), "single", 200)).toMatchObject({ key, value });
  });

  it("single 200 of a module that is not available", async () => {
    expect(fits(await ask(`${flags}/module-kb`, { context: { targetingKey: "w2" } }), "single", 200)).toMatchObject({ value: false, reason: "DISABLED" });
  });

  it.each([
    ["PARSE_ERROR", "{"],
    ["INVALID_CONTEXT", {}],
    ["INVALID_CONTEXT", { context: { targetingKey: "nobody" } }],
    ["TARGETING_KEY_MISSING", { context: {} }],
  ])("400: %s", async (errorCode, body) => {
    expect(fits(await ask(`${flags}/module-kb`, body), "single", 400)).toMatchObject({ key: "module-kb", errorCode });
    expect(fits(await ask(flags, body), "bulk", 400)).toMatchObject({ errorCode });
  });

  it("404", async () => {
    expect(fits(await ask(`${flags}/module-none`, { context: w1 }), "single", 404)).toMatchObject({ key: "module-none", errorCode: "FLAG_NOT_FOUND" });
  });

  it("500 of a node that is behind", async () => {
    const ahead = "?flagConfigEtag=s99.o9.w9:workspace/w1:1";
    expect(fits(await ask(`${flags}/module-kb${ahead}`, { context: w1 }), "single", 500)).toMatchObject({ errorCode: "GENERAL" });
    expect(fits(await ask(flags + ahead, { context: w1 }), "bulk", 500)).toMatchObject({ errorCode: "GENERAL" });
  });

  it("bulk 200 and 304, and the event that leads to the next", async () => {
    const asked = await ask(flags, { context: w1 });
    const { eventStreams, flags: all } = fits(asked, "bulk", 200) as { eventStreams: { endpoint: { requestUri: string } }[]; flags: unknown[] };
    expect(all.length).toBeGreaterThan(15);

    const again = await ask(flags, { context: w1 }, [...server.headers, ["If-None-Match", asked.headers.get("etag")!]]);
    refused(again, "bulk", 304);
    expect(again.text).toBe("");

    const stream = await fetch(server.url + eventStreams[0]!.endpoint.requestUri, { headers: [["Accept", "text/event-stream"]] });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!/^data: .*\n/m.test(text)) {
      text += (await reader.read()).value;
    }
    await reader.cancel();
    expect(patched.faultsOf(JSON.parse(/^data: (.*)$/m.exec(text)![1]!), "sseEventData"), text).toEqual([]);
  });

  it("403 of somebody who may not read the scope", async () => {
    const made = await fetch(`${server.url}/api/platform/orgs/other/tokens`, {
      method: "POST",
      headers: [["Content-Type", "application/json"], ...server.headers],
      body: JSON.stringify({ name: "shell", role: "shell" }),
    });
    const { secret } = (await made.json()) as { secret: string };

    refused(await ask(`${flags}/module-kb`, { context: w1 }, [["Authorization", `Bearer ${secret}`]]), "single", 403);
    refused(await ask(flags, { context: w1 }, [["Authorization", `Bearer ${secret}`]]), "bulk", 403);
  });

  it("401, and 429 once too many of them came", async () => {
    const bad: [string, string][] = [["X-API-Key", "nobody"]];
    refused(await ask(`${flags}/module-kb`, { context: w1 }, bad), "single", 401);
    refused(await ask(flags, { context: w1 }, bad), "bulk", 401);

    for (const [path, operation] of [[`${flags}/module-kb`, "single"], [flags, "bulk"]] as const) {
      const held = await ask(path, { context: w1 }, bad);
      refused(held, operation, 429);
      expect(Number(held.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });
});

describe("the patched specification", () => {
  const flag = (more: object): object => ({ key: "a", reason: "STATIC", ...more });

  it.each([
    ["a list", flag({ value: [1] })],
    ["null", flag({ value: null })],
    ["nested metadata", flag({ value: 1, metadata: { a: {} } })],
    ["a reason of another kind", { key: "a", reason: "DEFAULT", value: 1 }],
    ["no key", { reason: "STATIC", value: 1 }],
  ])("refuses %s", (_, value) => {
    expect(patched.faultsOf(value, "evaluationSuccess")).not.toEqual([]);
  });

  it("refuses a stream with two addresses, and an unknown error code", () => {
    expect(patched.faultsOf({ type: "sse", url: "https://a.example/", endpoint: { requestUri: "/" } }, "eventStream")).not.toEqual([]);
    expect(patched.faultsOf({ key: "a", errorCode: "FORBIDDEN" }, "evaluationFailure")).not.toEqual([]);
  });

  it("takes a flag that leaves the value to the code", () => {
    expect(patched.faultsOf(flag({}), "evaluationSuccess")).toEqual([]);
  });
});

describe("the published specification", () => {
  const faults = (changes: Change[], value: unknown): string[] => new Specification(changes).faultsOf({ key: "a", reason: "STATIC", value }, "evaluationSuccess");

  it.each([true, "a", 1, 0.5, {}])("refuses the value %j: once it does not, spec/patch.json can go", (value) => {
    expect(faults([], value)).toContain(" must match exactly one schema in oneOf");
  });

  it("needs both changes: with one of them whole numbers are refused still, with the other lists are taken", () => {
    expect(faults([codeDefault], 0.5)).toEqual([]);
    expect(faults([codeDefault], 1)).not.toEqual([]);
    expect(faults([anyOf], [1])).toEqual([]);
    expect(faults(patch, [1])).not.toEqual([]);
  });
});
