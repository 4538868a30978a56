import { describe, expect, it } from "vitest";
import { createModulesClient } from "../../src/index.js";
import { FakeService, json, moduleOf } from "../fake-service.js";
import { fakeTime, MemoryStorage, pass, storedBefore, watchRed } from "../harness.js";

fakeTime();

const secret = () => json(200, { version: "s1.o1.w9", modules: [moduleOf("secret")] });
const failure = () => Promise.reject(new TypeError("fetch failed"));

describe("sign-out", () => {
  it.each([["an answer", secret], ["a failure", failure]])("lets go of everything, also of %s that is on its way, and asks again", async (_, late) => {
    const storage = new MemoryStorage();
    const { client, errors, service, states, watch } = watchRed({ storage });
    await pass();
    const answers: ((response: Response | Promise<Response>) => void)[] = [];
    service.instead = ({ path }) => path.endsWith("/events") ? null : new Promise((resolve) => answers.push(resolve));
    const refreshed = watch.refresh();
    await pass();
    states.length = 0;
    client.forget();
    await pass();
    expect(answers.length).toBe(2);
    answers[0]!(late());
    expect(await refreshed).toEqual({ status: "loading", map: null, ageMs: 0, error: null });
    expect(storage.texts.size).toBe(0);

    service.comeBack();
    answers[1]!(json(200, { version: "s1.o1.w1", modules: [] }));
    await pass();
    expect(states.map((s) => [s.status, s.map?.modules.length])).toEqual([["loading", undefined], ["ready", 0]]);
    expect(errors).toEqual([]);
  });

  it("lets go also of what the stream said in one piece with what is being asked for", async () => {
    const { client, service } = watchRed();
    await pass();
    let answer: (response: Response) => void = () => undefined;
    service.instead = ({ path }) => path.includes("atLeast") ? new Promise<Response>((resolve) => {
      answer = resolve;
    }) : null;
    service.send('event: version\ndata: {"version":"s1.o1.w2"}\n\nevent: version\ndata: {"version":"s1.o99.w99"}\n\n');
    await pass();
    service.comeBack();
    service.asked.length = 0;
    client.forget();
    answer(secret());
    await pass(1_000);
    expect(service.maps.map((a) => a.path)).toEqual(["/api/platform/workspaces/red/context"]);
  });

  it("does not ask again where nobody subscribes, whatever was asked for before", async () => {
    const service = new FakeService();
    const client = createModulesClient({ fetch: service.fetch });
    const refreshed = client.workspace("red").refresh();
    client.forget();
    expect(await refreshed).toMatchObject({ status: "loading", map: null });
    await pass(60_000);
    expect(service.asked.length).toBe(1);
  });

  it("removes also what was stored by another page", async () => {
    const storage = await storedBefore(1_000);
    expect(storage.texts.size).toBe(1);
    createModulesClient({ storage }).forget();
    expect(storage.texts.size).toBe(0);
  });

  it("does not use what a slow storage answers after it", async () => {
    const kept = await storedBefore(1_000);
    let answer: (text: string | null) => void = () => undefined;
    const storage = Object.assign(new MemoryStorage(), { get: () => new Promise<string | null>((resolve) => {
      answer = resolve;
    }) });
    const service = new FakeService();
    service.goAway();
    const { client, watch } = watchRed({ storage }, service);
    client.forget();
    answer([...kept.texts.values()][0]!);
    await pass();
    expect(watch.getState()).toMatchObject({ status: "error", map: null });
  });

  it.each([
    ["refuses", () => Promise.reject(new Error("closed"))],
    ["throws", () => {
      throw new Error("closed");
    }],
  ])("is not stopped by a storage that %s", async (_, clear) => {
    const { client, errors, watch } = watchRed({ storage: Object.assign(new MemoryStorage(), { clear }) });
    await pass();
    client.forget();
    expect(watch.getState().map).toBeNull();
    await pass();
    expect(errors.map(String)).toEqual(["Error: closed"]);
  });
});

describe("a storage", () => {
  it("keeps the maps of two services apart", async () => {
    const storage = new MemoryStorage();
    const options = { storage, lingerMs: 0 };
    const one = watchRed({ ...options, baseUrl: "https://one" });
    await pass();
    one.stop();
    const service = new FakeService();
    service.goAway();
    expect(watchRed({ ...options, baseUrl: "https://two" }, service).states[0]?.map).toBeNull();
    expect(watchRed({ ...options, baseUrl: "https://one" }, service).states[0]?.map?.version).toBe("s1.o1.w1");
  });

  it("is read without a word where all is well", async () => {
    const { errors, states } = watchRed({ storage: await storedBefore(1_000) });
    expect(states[0]?.map?.version).toBe("s1.o1.w1");
    expect(errors).toEqual([]);
  });
});
