import { describe, expect, it } from "vitest";
import { readJson, send } from "../src/http.js";
import { json } from "./fake-service.js";
import { listenersOf } from "./harness.js";

describe("send", () => {
  it.each([["answered", 200], ["refused", 500]])("leaves nothing at a signal that goes on, when it is %s", async (_, status) => {
    const { signal } = new AbortController();
    const listeners = listenersOf(signal);
    const sent = send({ fetch: () => Promise.resolve(json(status, {})) }, "/", { signal }, readJson).catch(() => undefined);
    expect(listeners.size).toBe(1);
    await sent;
    expect(listeners.size).toBe(0);
  });
});
