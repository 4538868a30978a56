import { type ReactNode, useEffect, useState } from "react";
import type { EffectiveModule, ModulesError, ScopeRef } from "@orleans-modules/client";
import { useOrgModuleConfig, useWorkspaceModuleConfig, useWorkspacePlugin } from "@orleans-modules/react";
import { client } from "./service.js";

/** What came of a change. Without an answer it may have been made all the same. */
interface Outcome {
  readonly kind: "done" | "refused" | "unanswered";
  readonly text: string;
}

/** Turns modules on and off, in the workspace and in its organization. */
export function Settings(): ReactNode {
  const { orgId } = useWorkspacePlugin();
  return orgId === undefined ? <p>Loading…</p> : <Switches orgId={orgId} />;
}

function Switches({ orgId }: { readonly orgId: string }): ReactNode {
  const { status, workspaceId } = useWorkspacePlugin();
  const workspace = useWorkspaceModuleConfig(workspaceId);
  const org = useOrgModuleConfig(orgId);
  const hasOrg = org.status !== "error"; // who has a role in the workspace only sees nothing of the organization
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState<string | null>(null);

  // That the service was away is no news any more when it is back.
  useEffect(() => {
    if (status === "ready") {
      setOutcome((last) => last?.kind === "unanswered" ? null : last);
    }
  }, [status]);

  const toggle = async (scope: ScopeRef, { name, displayName, isEnabled }: EffectiveModule) => {
    setBusy(`${scope.kind} ${name}`);
    try {
      await client.override(scope, name, { isEnabled: !isEnabled }, { reason: "Settings of the example shell" });
      setOutcome({ text: `${displayName} is now ${isEnabled ? "off" : "on"} in the ${scope.kind === "org" ? "organization" : "workspace"}.`, kind: "done" });
    } catch (thrown) {
      const { message, problem } = thrown as ModulesError;
      setOutcome(problem
        ? { text: `${displayName} was not changed. ${message}`, kind: "refused" }
        : { text: `Nobody knows whether ${displayName} was changed. ${message}`, kind: "unanswered" });
    } finally {
      setBusy(null);
    }
  };

  const toggleOf = (scope: ScopeRef, module: EffectiveModule | undefined, where: string) => module && (
    <button
      role="switch"
      aria-checked={module.isEnabled}
      aria-disabled={busy !== null}
      aria-label={`${module.displayName} in the ${where}`}
      onClick={() => busy === null && void toggle(scope, module)}
    >
      {busy === `${scope.kind} ${module.name}` ? "…" : module.isEnabled ? "On" : "Off"}
    </button>
  );

  return (
    <>
      <h2>Settings</h2>
      <p role="alert" className="refusal">{outcome && outcome.kind !== "done" ? outcome.text : ""}</p>
      <p role="status" className="done">{outcome?.kind === "done" ? outcome.text : ""}</p>
      <div className="scroller">
        <table>
          <caption>Modules</caption>
          <thead>
            <tr><th scope="col">Module</th><th scope="col">Workspace</th>{hasOrg && <th scope="col">Organization</th>}</tr>
          </thead>
          <tbody>
            {workspace.modules.map((module) => (
              <tr key={module.name}>
                <th scope="row">{module.displayName}</th>
                <td>{toggleOf({ kind: "workspace", id: workspaceId }, module, "workspace")}</td>
                {hasOrg && <td>{toggleOf({ kind: "org", id: orgId }, org.modules.find((m) => m.name === module.name), "organization")}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
