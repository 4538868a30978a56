import { describe, expect, it } from "vitest";
import { json, moduleOf } from "../fake-service.js";
import { fakeTime, MemoryStorage, pass, watchRed } from "../harness.js";

fakeTime();

describe("sign-out", () => {
  it("lets go of everything, also of an answer that is on its way", async () => {
    const storage = new MemoryStorage();
    const { client, service, watch } = watchRed({ storage });
    await pass();
    let answer: (response: Response) => void = () => undefined;
    service.instead = () => new Promise((resolve) => {
      answer = resolve;
    });
    void watch.refresh();
    client.forget();
    const asked = service.asked.length;
    answer(json(200, { version: "s1.o1.w9", modules: [moduleOf("secret")] }));
    await pass();
    expect(watch.getState()).toMatchObject({ map: null });
    expect(storage.texts.size).toBe(0);
    expect(service.asked.length).toBeGreaterThanOrEqual(asked);
  });
});
