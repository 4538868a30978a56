import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { ModuleSource } from "@orleans-modules/client";
import type { ModulesSource, WorkspaceFeatures, WorkspaceInfo, WorkspaceNavigation, WorkspaceRole } from "./types.js";

const ClientContext = createContext<ModulesSource | null>(null);
const PluginContext = createContext<PluginSource | null>(null);

/** What a provider says itself, and where the modules come from. Does not change when modules do. */
export interface PluginSource {
  readonly info: Omit<WorkspacePluginProviderProps, "children">;
  readonly source: ModuleSource;
}

/** Gives the client to everything below. */
export function ModulesProvider({ client, children }: { readonly client: ModulesSource; readonly children?: ReactNode }): ReactNode {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** Everything but the id comes from the service; what is given here counts instead. */
export interface WorkspacePluginProviderProps {
  readonly workspaceId: string;
  readonly workspace?: WorkspaceInfo;
  readonly navigation?: WorkspaceNavigation;
  readonly features?: WorkspaceFeatures;
  readonly userRole?: WorkspaceRole;
  readonly children?: ReactNode;
}

/** Tells plugins below in which workspace they run. Needs a `ModulesProvider` above. */
export function WorkspacePluginProvider(props: WorkspacePluginProviderProps): ReactNode {
  const { workspaceId, workspace, navigation, features, userRole, children } = props;
  const client = useModulesClient();
  const value = useMemo<PluginSource>(() => ({
    info: { workspaceId, ...(workspace && { workspace }), ...(navigation && { navigation }), ...(features && { features }), ...(userRole && { userRole }) },
    source: client.workspace(workspaceId),
  }), [client, workspaceId, workspace, navigation, features, userRole]);
  return <PluginContext.Provider value={value}>{children}</PluginContext.Provider>;
}

/** The client of the `ModulesProvider` above. */
export function useModulesClient(): ModulesSource {
  return found(useContext(ClientContext), "ModulesProvider");
}

/** What the provider above says. */
export function usePluginSource(): PluginSource {
  return found(useContext(PluginContext), "WorkspacePluginProvider");
}

function found<T>(value: T | null, provider: string): T {
  if (value === null) {
    throw new Error(`There is no <${provider}> above this component.`);
  }

  return value;
}
