import { type ReactNode, useState } from "react";
import { type EffectiveModule, type ModulesClient, ModulesError, type ScopeRef } from "@orleans-modules/client";
import { useOrgModuleConfig, useWorkspaceModuleConfig, useWorkspacePlugin } from "@orleans-modules/react";

interface Outcome {
  readonly text: string;
  readonly isRefusal: boolean;
}

/** Turns modules on and off, in the workspace and in its organization. */
export function Settings({ client, orgId }: { readonly client: ModulesClient; readonly orgId: string }): ReactNode {
  const { workspaceId } = useWorkspacePlugin();
  const workspace = useWorkspaceModuleConfig(workspaceId);
  const org = useOrgModuleConfig(orgId);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState<string | null>(null);

  const toggle = async (scope: ScopeRef, { name, displayName, isEnabled }: EffectiveModule) => {
    setBusy(`${scope.kind} ${name}`);
    try {
      await client.override(scope, name, { isEnabled: !isEnabled }, { reason: "Settings of the example shell" });
      setOutcome({ text: `${displayName} is now ${isEnabled ? "off" : "on"} in the ${scope.kind === "org" ? "organization" : "workspace"}.`, isRefusal: false });
    } catch (thrown) {
      setOutcome({ text: thrown instanceof ModulesError ? thrown.message : String(thrown), isRefusal: true });
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
      <p role="alert" className="refusal">{outcome?.isRefusal ? outcome.text : ""}</p>
      <p role="status" className="done">{outcome && !outcome.isRefusal ? outcome.text : ""}</p>
      <table>
        <caption>Modules</caption>
        <thead>
          <tr><th scope="col">Module</th><th scope="col">Workspace</th><th scope="col">Organization</th></tr>
        </thead>
        <tbody>
          {workspace.modules.map((module) => (
            <tr key={module.name}>
              <th scope="row">{module.displayName}</th>
              <td>{toggleOf({ kind: "workspace", id: workspaceId }, module, "workspace")}</td>
              <td>{toggleOf({ kind: "org", id: orgId }, org.modules.find((m) => m.name === module.name), "organization")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
