import { browserStorage, createModulesClient } from "@orleans-modules/client";

/** Where the token is that the person gave in this tab. */
export const tokenKey = "example-token";

/** The token; null for none. */
export const readToken = (): string | null => sessionStorage.getItem(tokenKey);

/** The one client of the page. */
export const client = createModulesClient({ token: readToken, storage: browserStorage() });

/** The service's refusal. */
export class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Asks the service for what the kit does not ask for. */
export async function ask(path: string, token = readToken()): Promise<unknown> {
  const response = await fetch(`/api/platform/${path}`, { headers: token === null ? {} : { Authorization: `Bearer ${token}` } });
  const body = await response.json().catch(() => null) as { detail?: string } | null;
  if (!response.ok || body === null) {
    throw new Refusal(response.status, body?.detail ?? `The service answered ${response.status}.`);
  }

  return body;
}

/** Why the service did not answer. */
export const whyOf = (thrown: unknown): string => thrown instanceof Refusal ? thrown.message : `The service cannot be reached (${String(thrown)}).`;
