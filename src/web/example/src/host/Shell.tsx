import { type ReactNode } from "react";
import { useWorkspacePlugin } from "@orleans-modules/react";
import { useAddress } from "./address.js";
import { Navigation, Page } from "./Navigation.js";
import { SignIn } from "./SignIn.js";
import { StatusLine } from "./StatusLine.js";
import { Unavailable } from "./Unavailable.js";
import { WorkspaceChoice } from "./WorkspaceChoice.js";
import { useShownTabs, WorkspaceTabs } from "./WorkspaceTabs.js";

/** The frame: navigation of the organization at the left; in the middle the tabs of the workspace, or a page of the organization. */
export function Shell({ onSignOut }: { readonly onSignOut: () => void }): ReactNode {
  const { error, orgId, status, workspace, workspaceId } = useWorkspacePlugin();
  const { tab } = useAddress();
  const { selected } = useShownTabs();
  if (status === "error") {
    return error?.kind === "unauthorized" ? <SignIn why={error.message} /> : <Unavailable onSignOut={onSignOut} />;
  }

  const isPage = tab.startsWith("/");
  return (
    <div className="shell">
      <a className="skip" href="#content">Skip to content</a>
      <header>
        <h1>{workspace?.name ?? workspaceId}</h1>
        <WorkspaceChoice />
        <button onClick={onSignOut}>Sign out</button>
        <StatusLine onSignIn={onSignOut} />
      </header>
      {orgId !== undefined && <Navigation orgId={orgId} shown={isPage ? tab : selected?.id} />}
      <main id="content" tabIndex={-1}>
        {!isPage ? <WorkspaceTabs /> : orgId !== undefined && <Page orgId={orgId} route={tab} />}
      </main>
    </div>
  );
}
