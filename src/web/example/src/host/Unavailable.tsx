import { type ReactNode } from "react";
import { useWorkspacePlugin } from "@orleans-modules/react";
import { Link } from "./address.js";
import { useWorkspaces } from "./workspaces.js";

/** Says why the workspace cannot be shown, and offers what can be done. */
export function Unavailable({ onSignOut }: { readonly onSignOut: () => void }): ReactNode {
  const { error, refresh, workspaceId } = useWorkspacePlugin();
  const [{ workspaces }] = useWorkspaces();
  const others = (workspaces ?? []).filter((other) => other.workspaceId !== workspaceId);
  return (
    <main className="alone">
      <h1>Workspace {workspaceId} cannot be shown</h1>
      <p role="alert">{error?.message}</p>
      <p className="actions"><button onClick={() => void refresh()}>Try again</button> <button onClick={onSignOut}>Use another token</button></p>
      {others.length > 0 && (
        <>
          <h2>Other workspaces</h2>
          <ul>{others.map((w) => <li key={w.workspaceId}><Link to={{ workspace: w.workspaceId }}>{w.name ?? w.workspaceId}</Link></li>)}</ul>
        </>
      )}
    </main>
  );
}
