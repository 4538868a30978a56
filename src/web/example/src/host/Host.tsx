import { type ReactNode, useEffect, useState } from "react";
import type { ModulesClient } from "@orleans-modules/client";
import { WorkspacePluginProvider } from "@orleans-modules/react";
import { useAddress } from "./address.js";
import { listWorkspaces, type WorkspaceList } from "./session.js";
import { SignIn } from "./SignIn.js";
import { Shell } from "./Shell.js";

/** Finds the workspace, and gives plugins its context. */
export function Host({ client }: { readonly client: ModulesClient }): ReactNode {
  const [list, setList] = useState<WorkspaceList>({ kind: "loading" });
  const [address, go] = useAddress();
  const load = () => void listWorkspaces().then(setList);
  useEffect(load, []);

  if (list.kind === "loading") {
    return <main className="alone" aria-busy="true"><p>Loading workspaces…</p></main>;
  }

  if (list.kind === "sign-in") {
    return <SignIn onDone={load} />;
  }

  if (list.kind === "failed") {
    return <main className="alone"><h1>Not available</h1><p role="alert">{list.why}</p><button onClick={load}>Try again</button></main>;
  }

  const workspace = list.workspaces.find((w) => w.workspaceId === address.workspace) ?? list.workspaces[0];
  if (!workspace) {
    return <Empty onRetry={load} />;
  }

  return (
    <WorkspacePluginProvider workspaceId={workspace.workspaceId}>
      <Shell client={client} orgId={workspace.orgId} workspaces={list.workspaces} onSwitch={(id) => go({ workspace: id })} onSignIn={load} />
    </WorkspacePluginProvider>
  );
}

function Empty({ onRetry }: { readonly onRetry: () => void }): ReactNode {
  return (
    <main className="alone">
      <h1>No workspaces yet</h1>
      <p>Start the service with an empty data directory and demo data:</p>
      <pre>Modules__Demo=true dotnet run --project src/OrleansModules.Server</pre>
      <button onClick={onRetry}>Look again</button>
    </main>
  );
}
