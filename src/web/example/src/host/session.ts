const key = "example-token";

/** The token that the person gave in this tab; null for none. */
export const readToken = (): string | null => sessionStorage.getItem(key);

export const keepToken = (token: string): void => sessionStorage.setItem(key, token);

/** One entry of the service's list of workspaces. */
export interface WorkspaceEntry {
  readonly workspaceId: string;
  readonly orgId: string;
  readonly name: string | null;
}

/** What came of asking for the workspaces. */
export type WorkspaceList =
  | { readonly kind: "loading" }
  | { readonly kind: "found"; readonly workspaces: readonly WorkspaceEntry[] }
  | { readonly kind: "sign-in" }
  | { readonly kind: "failed"; readonly why: string };

/** Asks for the first hundred workspaces. */
export async function listWorkspaces(): Promise<WorkspaceList> {
  const token = readToken();
  try {
    const response = await fetch("/api/platform/workspaces", { headers: token === null ? {} : { Authorization: `Bearer ${token}` } });
    if (response.status === 401) {
      return { kind: "sign-in" };
    }

    return response.ok
      ? { kind: "found", workspaces: (await response.json() as { workspaces: WorkspaceEntry[] }).workspaces }
      : { kind: "failed", why: `The service answered ${response.status}.` };
  } catch (thrown) {
    return { kind: "failed", why: `The service cannot be reached (${String(thrown)}).` };
  }
}
