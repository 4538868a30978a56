import { type ReactNode } from "react";
import { useWorkspaceModuleConfig, useWorkspacePlugin } from "@orleans-modules/react";
import { Metrics } from "./Metrics.js";

/** What the modules of the workspace count, all modules, and why those that are not available are not. */
export function Overview(): ReactNode {
  const { workspaceId } = useWorkspacePlugin();
  const { modules } = useWorkspaceModuleConfig(workspaceId);
  return (
    <>
      <h2>Overview</h2>
      <Metrics />
      <ul className="cards">
        {modules.map(({ name, displayName, description, isAvailable, reasons }) => (
          <li key={name} className={isAvailable ? "on" : "off"}>
            <h3>{displayName}</h3>
            <p>{description}</p>
            <p><strong>{isAvailable ? "Available" : "Not available"}</strong>{!isAvailable && `: ${reasons.map(({ code, module, scope }) => [code, module ?? scope].filter(Boolean).join(" ")).join(", ")}`}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
