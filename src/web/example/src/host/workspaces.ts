import { useCallback, useEffect, useState } from "react";
import { ask, readToken, Refusal, whyOf } from "./service.js";

const key = "example-workspaces";

/** One entry of the service's list of workspaces. Of those that a token is given one by one, only the id is known. */
export interface WorkspaceEntry {
  readonly workspaceId: string;
  readonly orgId?: string;
  readonly name?: string | null;
}

/** The workspaces to choose from. */
export interface WorkspaceList {
  /** Null while nothing is known. */
  readonly workspaces: readonly WorkspaceEntry[] | null;
  /** Why the service did not answer. */
  readonly error: string | null;
}

/** The workspaces that the token may list, until the service answers as they last were; and a function that asks again. */
export function useWorkspaces(isAsking = true): [WorkspaceList, () => void] {
  const [list, setList] = useState<WorkspaceList>(() => ({ workspaces: kept(), error: null }));
  const load = useCallback(() => void listWorkspaces().then(
    (workspaces) => setList({ workspaces, error: null }),
    (thrown: unknown) => setList(({ workspaces }) => ({ workspaces, error: whyOf(thrown) })),
  ), []);
  useEffect(() => {
    if (isAsking) {
      load();
    }
  }, [isAsking, load]);
  return [list, load];
}

/** Lets go of the list. */
export const forgetWorkspaces = (): void => localStorage.removeItem(key);

// What is below the grants of the token, as far as their roles may list it; of each the first thousand, enough for an example.
async function listWorkspaces(): Promise<readonly WorkspaceEntry[]> {
  const token = readToken();
  const { grants } = await ask("whoami") as { grants: { scope: string }[] };
  const scopes = grants.map(({ scope }) => scope.split("/"));
  const single = scopes.flatMap(([kind, id]) => kind === "workspace" && id ? [{ workspaceId: id }] : []);
  const listed = await Promise.all(scopes.filter(([kind]) => kind !== "workspace").map(([, orgId]) => list(orgId)));
  const workspaces = [...new Map([...single, ...listed.flat()].map((entry) => [entry.workspaceId, entry])).values()];
  if (readToken() === token) {
    keep(workspaces);
  }

  return workspaces;
}

async function list(orgId: string | undefined): Promise<readonly WorkspaceEntry[]> {
  try {
    return (await ask(`workspaces?limit=1000${orgId ? `&orgId=${orgId}` : ""}`) as { workspaces: WorkspaceEntry[] }).workspaces;
  } catch (thrown) {
    if (thrown instanceof Refusal && (thrown.status === 403 || thrown.status === 404)) {
      return []; // the role does not list, but may open; or it is of what is gone
    }

    throw thrown;
  }
}

// A storage that is full or closed to the page only means that the list is not there before the service answers.
function keep(workspaces: readonly WorkspaceEntry[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(workspaces));
  } catch (thrown) {
    console.warn(thrown);
  }
}

function kept(): readonly WorkspaceEntry[] | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as WorkspaceEntry[] | null;
  } catch (thrown) {
    console.warn(thrown);
    return null;
  }
}
