import { EventSource } from "eventsource";

/** Every address that the client opened a stream at, in order. */
export const opened: string[] = [];

/** Requests for streams, with the headers they were sent with. */
export const requests: { url: string; status: number; headers: Record<string, string> }[] = [];

/** Gives Node what a browser has: event streams. */
class RecordingEventSource extends EventSource {
  constructor(url: string | URL) {
    super(url, {
      fetch: async (input, init) => {
        const answer = await fetch(input, init as RequestInit);
        requests.push({ url: String(input), status: answer.status, headers: { ...(init.headers as Record<string, string>) } });
        return answer;
      },
    });
    opened.push(String(url));
  }
}

Object.assign(globalThis, { EventSource: RecordingEventSource });
