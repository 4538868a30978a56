import { type ReactNode, useEffect, useState } from "react";
import { WorkspacePluginProvider } from "@orleans-modules/react";
import { go, useAddress } from "./address.js";
import { readToken } from "./service.js";
import { signOut } from "./session.js";
import { Shell } from "./Shell.js";
import { SignIn } from "./SignIn.js";
import { useWorkspaces } from "./workspaces.js";

/** Gives plugins the context of the workspace that the address names. */
export function Host(): ReactNode {
  const [isSignedIn, setSignedIn] = useState(() => readToken() !== null);
  const { workspace } = useAddress();
  const leave = () => {
    setSignedIn(false);
    signOut();
  };

  if (!isSignedIn) {
    return <SignIn onDone={() => setSignedIn(true)} />;
  }

  return workspace
    ? <WorkspacePluginProvider workspaceId={workspace}><Shell onSignOut={leave} /></WorkspacePluginProvider>
    : <Start onSignOut={leave} />;
}

/** Goes to the first workspace that there is. */
function Start({ onSignOut }: { readonly onSignOut: () => void }): ReactNode {
  const [{ error, workspaces }, again] = useWorkspaces();
  const first = workspaces?.[0]?.workspaceId;
  useEffect(() => {
    if (first !== undefined) {
      go({ workspace: first }, true);
    }
  }, [first]);

  if (error === null && (workspaces === null || first !== undefined)) {
    return <main className="alone" aria-busy="true"><p>Loading workspaces…</p></main>;
  }

  return (
    <main className="alone">
      <h1>No workspace to show</h1>
      {error !== null
        ? <p role="alert">{error}</p>
        : <>
            <p>The token lists none. One that it may open, open by its address: <code>?workspace=…</code>. Where there is none at all, start the service with an empty data directory and demo data:</p>
            <pre>Modules__Demo=true dotnet run --project src/OrleansModules.Server</pre>
          </>}
      <p className="actions"><button onClick={again}>Try again</button> <button onClick={onSignOut}>Use another token</button></p>
    </main>
  );
}
