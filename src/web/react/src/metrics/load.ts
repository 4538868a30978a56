import type { ModuleConfig } from "../types.js";
import { endpointOf } from "./declared.js";

/** For which workspace values are asked for. */
export interface MetricsRequest {
  readonly workspaceId: string;
  /** Absent where the client does not ask for the context of workspaces. */
  readonly orgId?: string;
  /** Aborts when nobody uses the values any more, and after ten seconds. */
  readonly signal: AbortSignal;
}

/** Gets the values of one module by name. Names that the module does not declare are passed by; what is missing has no value. */
export type LoadMetrics = (module: ModuleConfig, request: MetricsRequest) => Promise<Readonly<Record<string, number>>>;

/** Asks the endpoint that the module declares; where it declares none, there are no values. Sends cookies of the host's own origin, but no token. */
export const fetchMetrics: LoadMetrics = async (module, { signal, ...scope }) => {
  const endpoint = endpointOf(module, scope);
  if (endpoint === null) {
    return {};
  }

  // The mode holds also where the endpoint leads elsewhere by a redirect, or the page has another base. Who asks wants values of now.
  const response = await fetch(endpoint, { headers: { Accept: "application/json" }, credentials: "same-origin", mode: "same-origin", cache: "no-cache", signal });
  if (!response.ok) {
    throw new Error(`The module answered ${response.status}.`);
  }

  const answer = await response.json() as { readonly metrics?: unknown } | null;
  return objectOf(answer?.metrics) as Record<string, number>; // whoever takes a value looks at what it is
};

/** What was answered. @throws Error where that is no object. */
export function objectOf(said: unknown): Readonly<Record<string, unknown>> {
  if (typeof said !== "object" || said === null || Array.isArray(said)) {
    throw new Error("The answer has no metrics.");
  }

  return said as Record<string, unknown>;
}
