import { type ReactNode } from "react";
import type { ModulesClient } from "@orleans-modules/client";
import { ModuleAwareNavigation, useWorkspacePlugin } from "@orleans-modules/react";
import { linkTo } from "./address.js";
import type { WorkspaceEntry } from "./session.js";
import { SignIn } from "./SignIn.js";
import { StatusLine } from "./StatusLine.js";
import { WorkspaceTabs } from "./WorkspaceTabs.js";

export interface ShellProps {
  readonly client: ModulesClient;
  readonly orgId: string;
  readonly workspaces: readonly WorkspaceEntry[];
  readonly onSwitch: (workspaceId: string) => void;
  readonly onSignIn: () => void;
}

/** The frame: navigation of the organization at the left, tabs of the workspace in the middle. */
export function Shell({ client, orgId, workspaces, onSwitch, onSignIn }: ShellProps): ReactNode {
  const { error, navigation, refresh, status, workspace, workspaceId } = useWorkspacePlugin();
  if (status === "error" && error?.kind === "unauthorized") {
    return <SignIn onDone={() => void refresh().then(onSignIn)} />;
  }

  return (
    <div className="shell">
      <a className="skip" href="#content">Skip to content</a>
      <header>
        <h1>{workspace?.name ?? workspaceId}</h1>
        <label>
          {navigation.labelSingular}{" "}
          <select value={workspaceId} onChange={(event) => onSwitch(event.target.value)}>
            {workspaces.map((w) => <option key={w.workspaceId} value={w.workspaceId}>{`${w.orgId}: ${w.name ?? w.workspaceId}`}</option>)}
          </select>
        </label>
        <StatusLine />
      </header>
      <ModuleAwareNavigation
        orgId={orgId}
        permissions={permissions}
        label="Organization"
        renderLink={(item) => <a href={linkTo({ tab: tabOf[item.moduleName ?? ""] ?? "overview" })}>{item.label}</a>}
      />
      <main id="content" tabIndex={-1}>
        <WorkspaceTabs client={client} orgId={orgId} />
      </main>
    </div>
  );
}

// What the person may do, which a real host knows from its own sign-in. Whether they are an administrator the service knows by their role.
const permissions = ["access:read", "ai:read", "chat:use", "eval:read", "kb:read", "mgmt:read", "voice:use", "ws:read"];

// Where an entry leads in this small host: to the tab of its module. A real one has pages.
const tabOf: Readonly<Record<string, string>> = {
  "module-kb": "docs", "module-eval": "evaluations", "module-chat": "chat", "module-voice": "interviews", "module-mgmt": "settings",
};
