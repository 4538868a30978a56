import type { EffectiveModule, WorkspaceContext } from "../src/index.js";

type Answer = Response | Promise<Response>;
export interface Asked {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
  readonly cache: RequestCache | undefined;
}

/** An effective module that is available, with what a test wants to be different. */
export const moduleOf = (name: string, other: Partial<EffectiveModule> = {}): EffectiveModule => ({
  name, displayName: name, description: null, type: "functional", tier: 3, version: "1.0.0", isInstalled: true, isEnabled: true, isAvailable: true,
  reasons: [], systemEnabled: true, orgEnabled: null, wsEnabled: null, config: {}, featureFlags: {}, navConfig: {}, dependencies: [],
  requiredPermissions: [], ...other,
});

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers } });

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json(status, { type: "about:blank", title: code, status, detail: `It is ${code}.`, code }, headers);

/** A service of one scope, as `fetch` sees it. */
export class FakeService {
  readonly asked: Asked[] = [];
  version = "s1.o1.w1";
  modules: EffectiveModule[] = [moduleOf("kb"), moduleOf("chat")];
  context: WorkspaceContext = {
    workspaceId: "red", orgId: "acme", workspace: { id: "red", name: "Red", color: "#f00", icon: null },
    navigation: { labelSingular: "Project", labelPlural: "Projects", icon: "folder" },
    features: { favoritesEnabled: true, tagsEnabled: false, colorCodingEnabled: false }, extra: {}, userRole: "ws_admin", tabOrder: ["chat", "kb"],
  };

  /** Whether open streams say every 15 seconds that they are alive. */
  beats = true;

  /** For how many seconds its store has not confirmed what it says; null where it has. */
  staleFor: number | null = null;

  /** Answers in place of the service; null where the service answers itself. */
  instead: (asked: Asked) => Answer | null = () => null;
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  constructor() {
    setInterval(() => this.beats && this.send(this.#unchanged("keep-alive")), 15_000);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const asked: Asked = { path: input as string, method: init?.method ?? "GET", headers: new Headers(init?.headers), body: typeof init?.body === "string" ? init.body : "", signal: init?.signal ?? undefined, cache: init?.cache };
    this.asked.push(asked);
    const { signal } = asked;
    const aborted = new Promise<never>((_, reject) => {
      const abort = () => reject(new DOMException("Aborted", "AbortError"));
      if (signal?.aborted) {
        abort();
      }

      signal?.addEventListener("abort", abort);
    });
    aborted.catch(() => undefined);
    return await Promise.race([aborted, Promise.resolve(this.instead(asked) ?? this.#answer(asked))]);
  };

  get maps(): Asked[] {
    return this.asked.filter((a) => /\/(modules|context)(\?|$)/.test(a.path) && a.method === "GET");
  }

  get streams(): Asked[] {
    return this.asked.filter((a) => a.path.endsWith("/events"));
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** Changes the modules and tells everybody. */
  change(version: string, modules: EffectiveModule[]): void {
    this.version = version;
    this.modules = modules;
    this.send(this.#event());
  }

  /** Writes to all open streams. */
  send(text: string | Uint8Array): void {
    for (const stream of this.#streams) {
      stream.enqueue(typeof text === "string" ? new TextEncoder().encode(text) : text);
    }
  }

  /** Ends all open streams. */
  end(): void {
    for (const stream of this.#streams) {
      stream.close();
    }

    this.#streams.clear();
  }

  /** Breaks all open streams, and answers nothing from now on. */
  goAway(): void {
    this.instead = () => Promise.reject(new TypeError("fetch failed"));
    for (const stream of this.#streams) {
      stream.error(new TypeError("terminated"));
    }

    this.#streams.clear();
  }

  comeBack(): void {
    this.instead = () => null;
  }

  /** A stream that says only what the test sends. */
  stream(signal?: AbortSignal | null, first = ""): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#streams.add(controller);
        if (first) {
          controller.enqueue(new TextEncoder().encode(first));
        }

        signal?.addEventListener("abort", () => {
          if (this.#streams.delete(controller)) {
            controller.error(new DOMException("Aborted", "AbortError"));
          }
        });
      },
      cancel: () => this.#streams.clear(),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  #event(): string {
    return `event: version\nid: ${this.version}\ndata: {"version":"${this.version}","changed":null${this.staleFor === null ? "" : `,"staleFor":${this.staleFor}`}}\n\n`;
  }

  #unchanged(comment: string): string {
    return this.staleFor === null ? `: ${comment}\n\n` : `event: stale\ndata: {"staleFor":${this.staleFor}}\n\n`;
  }

  #answer({ path, method, headers, signal }: Asked): Answer {
    if (method !== "GET") {
      return json(200, { changed: true, scope: "workspace/red", revision: 2, version: this.version });
    }

    if (path.endsWith("/events")) {
      return this.stream(signal, `retry: 2000\n\n${headers.get("last-event-id") === this.version ? this.#unchanged("up to date") : this.#event()}`);
    }

    // The role is part of a context, so it is part of its tag.
    const isContext = /\/context(\?|$)/.test(path);
    const etag = isContext ? `"${this.version}:${this.context.userRole}"` : `"${this.version}"`;
    const map = { modules: this.modules, version: this.version };
    const told: Record<string, string> = { etag, ...(this.staleFor !== null && { "modules-stale-for": String(this.staleFor) }) };
    return headers.get("if-none-match") === etag
      ? new Response(null, { status: 304, headers: told })
      : json(200, isContext ? { ...this.context, moduleAvailability: { ...map, enabledModules: [] } } : map, told);
  }
}
