import { type ReactNode } from "react";
import { useWorkspacePlugin } from "@orleans-modules/react";
import { go } from "./address.js";
import { useWorkspaces } from "./workspaces.js";

/** The workspace that is shown, and the others. */
export function WorkspaceChoice(): ReactNode {
  const { navigation, orgId, status, workspace, workspaceId } = useWorkspacePlugin();
  const [{ workspaces }] = useWorkspaces(status === "ready");
  const others = (workspaces ?? []).filter((other) => other.workspaceId !== workspaceId);
  const all = [{ workspaceId, orgId, name: workspace?.name }, ...others].sort((a, b) => a.workspaceId < b.workspaceId ? -1 : 1);
  return (
    <label>
      {navigation.labelSingular}{" "}
      <select value={workspaceId} onChange={(event) => go({ workspace: event.target.value })}>
        {all.map((w) => <option key={w.workspaceId} value={w.workspaceId}>{[w.orgId, w.name ?? w.workspaceId].filter(Boolean).join(": ")}</option>)}
      </select>
    </label>
  );
}
