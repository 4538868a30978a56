import { errorOf, ModulesError, toError } from "./errors.js";

/** How the service is reached. */
export interface HttpOptions {
  /** Where the service is, without a slash at the end. Default: the page's own origin. */
  readonly baseUrl?: string;
  /**
   * The token to send as `Authorization: Bearer`; null for none. Asked before every request. After a 401 it is asked once more, with the token
   * that was rejected; if it then gives another, the request is sent again with that.
   */
  readonly token?: (rejected: string | null) => string | null | Promise<string | null>;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** How long to wait for an answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

export interface SendInit {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Ends the request, and the reading of its body. */
  readonly signal?: AbortSignal;
  /** Whether the body goes on without end: the time limit then holds until it begins. */
  readonly isStream?: boolean;
}

/**
 * Sends one request and reads what it answers, within the time limit.
 * @throws ModulesError for everything but a 2xx or 304 whose body can be read.
 */
export async function send<T>(http: HttpOptions, path: string, init: SendInit, read: (response: Response) => Promise<T> | T): Promise<T> {
  const timeoutMs = http.timeoutMs ?? 10_000;
  const controller = new AbortController();
  const abort = () => controller.abort();
  init.signal?.addEventListener("abort", abort);
  const timer = setTimeout(() => controller.abort(new ModulesError("timeout", `No answer within ${timeoutMs} ms.`)), timeoutMs);

  // Not every step ends by itself when it is aborted: a token may never come.
  const ended = new Promise<never>((_, reject) => controller.signal.addEventListener("abort", () => reject(toError(controller.signal.reason))));
  try {
    return await Promise.race([ended, attempt(http, path, init, controller.signal, (response) => {
      if (init.isStream) {
        clearTimeout(timer);
      }

      return read(response);
    })]);
  } catch (thrown) {
    throw toError(thrown);
  } finally {
    clearTimeout(timer);
    init.signal?.removeEventListener("abort", abort);
  }
}

async function attempt<T>(http: HttpOptions, path: string, init: SendInit, signal: AbortSignal, read: (response: Response) => Promise<T> | T): Promise<T> {
  const request = (token: string | null) => (http.fetch ?? fetch)((http.baseUrl ?? "") + path, {
    method: init.method ?? "GET",
    body: init.body ?? null,
    headers: token === null ? { ...init.headers } : { ...init.headers, Authorization: `Bearer ${token}` },
    signal,
    // Versions and 304 are handled here; another cache between would hide them.
    cache: "no-store",
  });

  const token = await http.token?.(null) ?? null;
  let response = await request(token);
  if (response.status === 401 && http.token) {
    const other = await http.token(token);
    if (other !== null && other !== token) {
      response = await request(other);
    }
  }

  if (!response.ok && response.status !== 304) {
    throw await errorOf(response);
  }

  return await read(response);
}

/** Reads a body as JSON. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (thrown) {
    // What fails for another reason than the text is no answer at all.
    throw thrown instanceof SyntaxError ? new ModulesError("bad-answer", "The answer is no JSON.") : thrown;
  }
}
