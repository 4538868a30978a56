import { describe, expect, it } from "vitest";
import { readEvents, type ServerEvent } from "../src/events.js";

const bytes = new TextEncoder();

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(typeof chunk === "string" ? bytes.encode(chunk) : chunk));
      controller.close();
    },
  });
  for await (const event of readEvents(body)) {
    events.push(event);
  }

  return events;
}

describe("readEvents", () => {
  it("reads fields, comments and the time to reconnect", async () => {
    expect(await read(": hello\nretry: 2540\n\nevent: version\nid: s1\ndata: {\ndata: }\n\n")).toEqual([
      { type: "", data: "hello", retryMs: null },
      { type: "message", data: "", retryMs: 2540 },
      { type: "version", data: "{\n}", retryMs: null },
    ]);
  });

  it.each(["\n", "\r\n", "\r"])("takes the line end %j, wherever chunks are cut", async (end) => {
    const text = ["\uFEFFevent: version", "data: ä", "", "data:x", "", ""].join(end);
    const expected = [{ type: "version", data: "ä", retryMs: null }, { type: "message", data: "x", retryMs: null }];
    const all = bytes.encode(text);
    for (let cut = 0; cut <= all.length; cut++) {
      expect(await read(all.slice(0, cut), all.slice(cut))).toEqual(expected);
    }
  });

  it("skips what the format does not know, and an event that is not finished", async () => {
    expect(await read("<html>\nretry: soon\nfoo: bar\nevent: lonely\n\ndata: half")).toEqual([]);
  });

  it("takes bytes that are no text as unknown characters", async () => {
    expect(await read("data: a", Uint8Array.of(0xff, 0xc3), "b\n\n")).toEqual([{ type: "message", data: "a\uFFFD\uFFFDb", retryMs: null }]);
  });

  it.each([["a line", "x".repeat(70_000)], ["an event", "data: 0123456789\n".repeat(7_000)]])("refuses %s without end", async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ kind: "bad-answer" });
  });

  it("closes the body when its reader stops", async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes.encode("data: 1\n\n")),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const event of readEvents(body)) {
      expect(event.data).toBe("1");
      break;
    }

    expect(isCancelled).toBe(true);
  });
});
