import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { AnyModule, EffectiveModule, ModuleMap, ModulesError, ModuleSource, RegisteredModule, WatchState, WatchStatus, WorkspaceContext } from "@orleans-modules/client";
import { useModulesClient, usePluginSource } from "./context.js";
import type { ModuleAvailability, ModuleConfig, WorkspacePluginContext, WorkspacePluginContextValue } from "./types.js";

/** Where a plugin runs, and with which modules. */
export function useWorkspacePlugin(): WorkspacePluginContextValue {
  const { info, source } = usePluginSource();
  const state = useSource(source, true);
  const moduleAvailability = useMemo(() => availabilityIn(state.map), [state.map]);
  const context = state.map?.context ?? null;
  const told = useMemo(() => ({ ...contextIn(context), ...info }), [context, info]);
  const refresh = useCallback(async () => void await source.refresh(), [source]);
  return useMemo(() => ({
    ...told,
    moduleAvailability,
    refresh,
    loading: isLoading(state),
    error: state.error,
    status: state.status,
    ageMs: state.ageMs,
  }), [told, state, moduleAvailability, refresh]);
}

/** What is known of one module. */
export interface ModuleAnswer {
  /** `available` and `unavailable` are answers; `loading` and `error` say that there is none. */
  readonly phase: "loading" | "error" | "available" | "unavailable";
  readonly isAvailable: boolean;
  /** Null where there is none of that name, or nothing is known. */
  readonly module: ModuleConfig | null;
  /** Why the phase is `error`. */
  readonly error: ModulesError | null;
}

/** One module of the workspace. Renders again only when that module, or whether anything is known, changes. */
export function useModule(name: string): ModuleAnswer {
  const { source } = usePluginSource();
  const phase = useModulePhase(name);
  const select = () => source.getState().map?.byName.get(name) ?? null;
  const module = useSyncExternalStore(source.subscribe, select, nothing);
  const error = useSyncExternalStore(source.subscribe, () => errorIn(source.getState()), nothing);
  return useMemo(() => ({ phase, isAvailable: phase === "available", module, error }), [phase, module, error]);
}

/** The phase of one module, the least that a gate needs. */
export function useModulePhase(name: string): ModuleAnswer["phase"] {
  const { source } = usePluginSource();
  const select = () => {
    const { map, status } = source.getState();
    return map ? map.byName.get(name)?.isAvailable ? "available" : "unavailable" : status === "error" ? "error" : "loading";
  };
  return useSyncExternalStore(source.subscribe, select, () => "loading");
}

const errorIn = ({ status, error }: WatchState<EffectiveModule>): ModulesError | null => status === "error" ? error : null;

export interface FetchOptions {
  /** Whether to connect by itself, and stay current. Default true; else only what is asked for is known. */
  readonly autoFetch?: boolean;
}

/** A list of modules, and how sure it is. */
export interface ModuleList<M extends AnyModule> {
  /** By tier, then name; empty while nothing is known. */
  readonly modules: readonly M[];
  readonly isLoading: boolean;
  readonly error: ModulesError | null;
  readonly status: WatchStatus;
  readonly ageMs: number;
  /** Asks the service now; resolves when it answered, or could not. */
  readonly refreshModules: () => Promise<void>;
}

export interface RegistryOptions extends FetchOptions {
  /** Whether modules that the system has off are in the list. Default false. */
  readonly includeDisabled?: boolean;
}

/** What the system defines, for all organizations and workspaces. */
export function useModuleRegistry({ autoFetch = true, includeDisabled = false }: RegistryOptions = {}): ModuleList<RegisteredModule> {
  const list = useList(useModulesClient().registry, autoFetch);
  return useMemo(() => includeDisabled ? list : { ...list, modules: list.modules.filter((module) => module.isEnabled) }, [list, includeDisabled]);
}

/** All modules of a workspace, available or not. */
export function useWorkspaceModuleConfig(workspaceId: string, { autoFetch = true }: FetchOptions = {}): ModuleList<EffectiveModule> {
  return useList(useModulesClient().workspace(workspaceId), autoFetch);
}

/** All modules of an organization, available or not. */
export function useOrgModuleConfig(orgId: string, { autoFetch = true }: FetchOptions = {}): ModuleList<EffectiveModule> {
  return useList(useModulesClient().org(orgId), autoFetch);
}

function useList<M extends AnyModule>(source: ModuleSource<M>, autoFetch: boolean): ModuleList<M> {
  const state = useSource(source, autoFetch);
  const refreshModules = useCallback(async () => void await source.refresh(), [source]);
  return useMemo(() => ({
    modules: state.map?.modules ?? [],
    isLoading: isLoading(state) && autoFetch,
    error: state.error,
    status: state.status,
    ageMs: state.ageMs,
    refreshModules,
  }), [state, autoFetch, refreshModules]);
}

// What a server knows. A browser that takes its page up begins with the same, or the two would not match, and goes on at once with what it has.
const loading: WatchState<never> = { status: "loading", map: null, ageMs: 0, error: null };
const nothing = (): null => null;

/** The state of a source; renders again when it changes. */
export const useSource = <M extends AnyModule>(source: ModuleSource<M>, connects: boolean): WatchState<M> =>
  useSyncExternalStore<WatchState<M>>(connects ? source.subscribe : source.observe, source.getState, () => loading);

/** Whether nothing is known yet, not even that nothing can be. */
export const isLoading = <M extends AnyModule>({ map, status }: WatchState<M>): boolean => map === null && status === "loading";

/** What a workspace is called and has where nothing says otherwise. */
export const plain = {
  navigation: { labelSingular: "Workspace", labelPlural: "Workspaces", icon: "folder" },
  features: { favoritesEnabled: false, tagsEnabled: false, colorCodingEnabled: false },
  tabOrder: [],
};

function contextIn(context: WorkspaceContext | null): Omit<WorkspacePluginContext, "moduleAvailability" | "workspaceId"> {
  if (context === null) {
    return plain;
  }

  const { features, navigation, orgId, tabOrder, userRole, workspace } = context;
  return { features, navigation, orgId, tabOrder, workspace: { ...workspace, name: workspace.name ?? workspace.id }, ...(userRole !== null && { userRole }) };
}

const availabilityIn = (map: ModuleMap | null): ModuleAvailability => ({
  isModuleAvailable: (name) => map?.byName.get(name)?.isAvailable ?? false,
  getModuleConfig: (name) => map?.byName.get(name) ?? null,
  enabledModules: map?.available ?? [],
});
