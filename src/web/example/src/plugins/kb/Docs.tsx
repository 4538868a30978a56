import { type ReactNode } from "react";
import { useModule, useWorkspacePlugin } from "@orleans-modules/react";

interface KbConfig {
  readonly maxDocuments?: number;
  readonly languages?: readonly string[];
}

/** The tab of module-kb: what the workspace may keep, and a search box where the flag is on. */
export default function Docs(): ReactNode {
  const { workspace } = useWorkspacePlugin();
  const { module } = useModule("module-kb");
  const config = module?.config as KbConfig | undefined;
  return (
    <>
      <h2>Docs of {workspace?.name}</h2>
      <p>Up to {config?.maxDocuments} documents, in {config?.languages?.join(", ")}.</p>
      {module?.featureFlags["semanticSearch"] && <label>Search by meaning <input type="search" /></label>}
    </>
  );
}
