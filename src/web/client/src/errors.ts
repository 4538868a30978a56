import type { Problem } from "./types.js";

/**
 * What went wrong:
 * `network` no answer; `timeout` none in time; `unauthorized` 401; `forbidden` 403; `not-found` 404; `throttled` 429;
 * `rejected` another 4xx; `server` 5xx; `bad-answer` an answer that is not the service's; `deleted` the stream said that the scope is gone;
 * `stale` the node that answers says that its store has not confirmed for too long what it knows.
 */
export type ErrorKind =
  | "network" | "timeout" | "unauthorized" | "forbidden" | "not-found" | "throttled" | "rejected" | "server" | "bad-answer" | "deleted" | "stale";

/** A failure to reach the service, or its refusal. */
export class ModulesError extends Error {
  override readonly name = "ModulesError";

  constructor(
    readonly kind: ErrorKind,
    message: string,
    /** The service's problem details; null where the service did not answer, or something else did in its place. */
    readonly problem: Problem | null = null,
    /** How long the service asks to wait, in milliseconds; null where it does not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }

  /** Whether the service itself says that the scope is gone or not for this caller: nothing known of it may be shown any more. */
  get isFinal(): boolean {
    return this.kind === "deleted" || (this.problem !== null && (this.kind === "forbidden" || this.kind === "not-found"));
  }
}

const kinds: Record<number, ErrorKind> = { 401: "unauthorized", 403: "forbidden", 404: "not-found", 429: "throttled" };

/** The error that a response outside 2xx stands for. */
export async function errorOf(response: Response): Promise<ModulesError> {
  const { status, headers } = response;
  const kind = kinds[status] ?? (status >= 500 ? "server" : status >= 400 ? "rejected" : "bad-answer");
  const body = (headers.get("content-type") ?? "").includes("json") ? await response.json().catch(() => null) as Problem | null : null;
  const problem = typeof body?.code === "string" ? body : null;
  return new ModulesError(kind, problem?.detail ?? `The service answered ${status}.`, problem, retryAfter(headers));
}

/** What a thrown value stands for: everything that `fetch` throws means that there was no answer. */
export const toError = (thrown: unknown): ModulesError =>
  thrown instanceof ModulesError ? thrown : new ModulesError("network", `The service cannot be reached (${thrown instanceof Error ? thrown.message : String(thrown)}).`);

// A date counts from the server's own clock where it says what that is: the clock here may be wrong.
function retryAfter(headers: Headers): number | null {
  const value = headers.get("retry-after");
  if (value === null) {
    return null;
  }

  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - (Date.parse(headers.get("date") ?? "") || Date.now());
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), 600_000);
}
