import { ModulesError } from "./errors.js";

/** One server-sent event, or a comment (type ""). */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
  /** How long to wait before reconnecting, in milliseconds, as this event says; null where it does not. */
  readonly retryMs: number | null;
}

const maxLength = 65_536;

/**
 * Reads events from a body as they arrive. What the format does not know is skipped.
 * @throws ModulesError `bad-answer` where a line or an event is longer than 64 Ki characters: that is no stream of the service.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let afterReturn = false;
  let type = "";
  let data: string[] = [];
  let length = 0;
  let retryMs: number | null = null;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }

      let text = rest + decoder.decode(value, { stream: true });
      if (afterReturn && text) {
        // A line feed that belongs to the carriage return at the end of the chunk before.
        text = text.replace(/^\n/, "");
        afterReturn = false;
      }

      const lines = text.split(/\r\n|\n|\r/);
      rest = lines.pop()!; // split answers at least one
      afterReturn ||= text.endsWith("\r");
      for (const line of lines) {
        length += line.length;
        if (length > maxLength) {
          break;
        }

        if (line === "") {
          if (data.length > 0 || retryMs !== null) {
            yield { type: type || "message", data: data.join("\n"), retryMs };
          }

          type = "";
          data = [];
          retryMs = null;
          length = 0;
          continue;
        }

        const [, field, content] = /^([^:]*):? ?(.*)$/s.exec(line)!; // matches every line
        if (field === "") {
          yield { type: "", data: content!, retryMs: null };
        } else if (field === "event") {
          type = content!;
        } else if (field === "data") {
          data.push(content!);
        } else if (field === "retry" && /^\d{1,9}$/.test(content!)) {
          retryMs = Number(content);
        }
      }

      if (length + rest.length > maxLength) {
        throw new ModulesError("bad-answer", "The stream sends a line without end.");
      }
    }
  } finally {
    // Also where the reader stops early: the connection must not stay open unread. It fails only where the stream failed, which was thrown already.
    await reader.cancel().catch(() => undefined);
  }
}
