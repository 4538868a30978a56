import type { ReactNode } from "react";
import type { EffectiveModule, ModulesError, ModuleSource, NavigationEntry, RegisteredModule, WatchState, WatchStatus } from "@orleans-modules/client";
import { ModulesProvider, WorkspacePluginProvider, type WorkspacePluginProviderProps } from "./context.js";
import { plain } from "./hooks.js";
import { answerOf, type MetricsAnswers, setMetricsIn } from "./metrics/shared.js";
import type { ModulesSource } from "./types.js";

/** What a test says of a module: whether it is available, or what is different from a plain available one. */
export type MockModule = boolean | Partial<EffectiveModule>;

/** What a test says of a module's metrics: values by name, or why there are none. */
export type MockMetrics = Readonly<Record<string, number>> | Error;

export interface MockPluginOptions extends Omit<Partial<WorkspacePluginProviderProps>, "children"> {
  /** Modules by name. */
  readonly modules?: Readonly<Record<string, MockModule>>;
  /** Default "test-org". */
  readonly orgId?: string;
  /** Modules in the order of their tabs, as the settings of the workspace say it. Default: none are named. */
  readonly tabOrder?: readonly string[];
  /** Entries of the navigation, for every organization and audience. Default: none. */
  readonly entries?: readonly NavigationEntry[];
  /**
   * Values by module, in place of what endpoints and `load` answer: those of modules that are not named go on loading. What a module declares is
   * in its `navConfig`.
   */
  readonly metrics?: Readonly<Record<string, MockMetrics>>;
  /** Default `ready`. In `loading` and `error` nothing is known. */
  readonly status?: WatchStatus;
  readonly error?: ModulesError;
  readonly ageMs?: number;
}

/** A plugin context without a service. */
export interface MockPlugin {
  /** Wraps what is tested. */
  readonly Provider: (props: { readonly children?: ReactNode }) => ReactNode;
  /** Changes what the service would say; call it in React's `act`. */
  readonly set: (options: Pick<MockPluginOptions, "modules" | "tabOrder" | "entries" | "metrics" | "status" | "error" | "ageMs">) => void;
  /** How often `refresh` was called. */
  readonly refreshes: number;
}

/** Makes a context in which a plugin can be tested. The workspace, its organization and the registry have the same modules. */
export function mockPlugin(options: MockPluginOptions = {}): MockPlugin {
  const { modules = {}, orgId = "test-org", tabOrder = [], entries = [], metrics = {}, status = "ready", error, ageMs = 0, workspaceId = "test-workspace", ...info } = options;
  const listeners = new Set<() => void>();
  let now: Said = { modules, orgId, tabOrder, entries, metrics, status, error, ageMs, workspaceId };
  let state = stateOf(now);
  let answers = answersOf(state, metrics);
  let refreshes = 0;
  const listen = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const source: ModuleSource = {
    getState: () => state,
    subscribe: listen,
    observe: listen,
    refresh: () => {
      refreshes++;
      return Promise.resolve(state);
    },
  };
  setMetricsIn(source, { getState: () => answers, subscribe: listen, hold: () => () => undefined, refresh: () => Promise.resolve() });

  // A mock module has all that both kinds have in common; tests of a plugin need no more of the registry.
  const client: ModulesSource = { workspace: () => source, org: () => source, navigation: () => source, registry: source as unknown as ModuleSource<RegisteredModule> };
  return {
    Provider: ({ children }) => (
      <ModulesProvider client={client}>
        <WorkspacePluginProvider workspaceId={workspaceId} {...info}>{children}</WorkspacePluginProvider>
      </ModulesProvider>
    ),
    set: (change) => {
      now = { ...now, ...change, modules: { ...now.modules, ...change.modules }, metrics: { ...now.metrics, ...change.metrics } };
      state = stateOf(now);
      answers = answersOf(state, now.metrics);
      listeners.forEach((listener) => listener());
    },
    get refreshes() {
      return refreshes;
    },
  };
}

type Said = Required<Pick<MockPluginOptions, "modules" | "orgId" | "tabOrder" | "entries" | "metrics" | "status" | "ageMs" | "workspaceId">> & { readonly error: ModulesError | undefined };

let revision = 0;

function stateOf({ modules, orgId, tabOrder, entries, status, error, ageMs, workspaceId }: Said): WatchState<EffectiveModule> {
  if (status === "loading" || status === "error") {
    return { status, map: null, ageMs: 0, error: error ?? null };
  }

  const list = Object.entries(modules).map(([name, module]) => moduleOf(name, typeof module === "boolean" ? { isAvailable: module, isEnabled: module } : module));
  const map = {
    version: `s1.o1.w${++revision}`,
    modules: list,
    byName: new Map(list.map((module) => [module.name, module])),
    available: list.filter((module) => module.isAvailable).map((module) => module.name),
    context: { ...plain, workspaceId, orgId, workspace: { id: workspaceId, name: null, color: null, icon: null }, userRole: null, extra: {}, tabOrder: [...tabOrder] },
    items: entries,
  };
  return { status, map, ageMs, error: error ?? null };
}

const answersOf = ({ map }: WatchState<EffectiveModule>, metrics: Said["metrics"]): MetricsAnswers => new Map((map?.modules ?? [])
  .flatMap((module) => {
    const said = metrics[module.name];
    return said === undefined ? [] : [[module.name, said instanceof Error ? { values: new Map(), error: said } : answerOf(module, said)] as const];
  }));

const moduleOf = (name: string, other: Partial<EffectiveModule>): EffectiveModule => ({
  name, displayName: name, description: null, type: "functional", tier: 3, version: "1.0.0", isInstalled: true, isEnabled: true, isAvailable: true,
  reasons: [], systemEnabled: true, orgEnabled: null, wsEnabled: null, config: {}, featureFlags: {}, navConfig: {}, dependencies: [],
  requiredPermissions: [], ...other,
});
