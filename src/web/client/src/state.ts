import { ModulesError } from "./errors.js";
import type { AnyModule, ModuleMap, NavigationEntry, WorkspaceContext } from "./types.js";
import { isVersion } from "./version.js";

/**
 * `loading` nothing is confirmed yet (a last-known-good map may be there); `ready` the map is current;
 * `stale` there is a map, but the service does not confirm it; `error` there is none, and `error` says why.
 */
export type WatchStatus = "loading" | "ready" | "stale" | "error";

/** What is known of the modules of a scope. Immutable; the same object until something changes. */
export interface WatchState<M extends AnyModule> {
  readonly status: WatchStatus;
  /** Null while nothing is known. Its version never goes backwards. */
  readonly map: ModuleMap<M> | null;
  /** Milliseconds since the service last confirmed the map; 0 while ready or without one. Updated every few seconds. */
  readonly ageMs: number;
  /** Why the state is stale or error; null in the others, and where a stale map only waits for an answer. */
  readonly error: ModulesError | null;
}

/** A map with its modules, a context with the map in it, or navigation, which has entries in place of modules; also as it is stored. */
interface Answer {
  readonly version?: unknown;
  readonly modules?: unknown;
  readonly context?: WorkspaceContext | null;
  readonly items?: readonly NavigationEntry[] | null;
  readonly moduleAvailability?: { readonly version?: unknown; readonly modules?: unknown };
}

/**
 * Makes a map from an answer. Modules that say the same as before stay the same objects.
 * @throws ModulesError `bad-answer` where it is no map.
 */
export function toMap<M extends AnyModule>(answer: unknown, before: ModuleMap<M> | null): ModuleMap<M> {
  const { moduleAvailability, ...rest } = (answer ?? {}) as Answer;
  const items = rest.items ?? null;
  const { version, modules = items && [] } = moduleAvailability ?? rest;
  const context = moduleAvailability ? rest as WorkspaceContext : rest.context ?? null;
  if (!isVersion(version) || !isListOf(isModule, modules) || !isListOf(isEntry, items ?? []) || !(context === null || isContext(context))) {
    throw new ModulesError("bad-answer", "The answer is no map of modules.");
  }

  const kept = (modules as M[]).map((module) => {
    const old = before?.byName.get(module.name);
    return old && isSame(old, module) ? old : module;
  });
  return {
    version,
    modules: kept,
    byName: new Map(kept.map((module) => [module.name, module])),
    available: kept.filter((module) => module.isAvailable).map((module) => module.name),
    context: before && isSame(before.context, context) ? before.context : context,
    items: before && isSame(before.items, items) ? before.items : items,
  };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const isModule = (value: unknown): boolean => {
  const module = value as Partial<AnyModule> | null;
  return typeof module?.name === "string" && typeof module.isAvailable === "boolean";
};

// What shells show must be text: anything else would end the page that renders it.
const isContext = ({ features, navigation, orgId, tabOrder, workspace }: Partial<WorkspaceContext>): boolean =>
  [orgId, workspace?.id, workspace?.name ?? "", navigation?.labelSingular, navigation?.labelPlural, navigation?.icon].every(isText)
  && features instanceof Object && isListOf(isText, tabOrder);

const isEntry = (value: unknown): boolean => {
  const entry = value as Partial<NavigationEntry> | null;
  return entry instanceof Object && [entry.label ?? "", entry.route ?? "", entry.icon ?? ""].every(isText) && isListOf(isEntry, entry.children ?? []);
};

const isText = (value: unknown): value is string => typeof value === "string";

const isListOf = (isOne: (value: unknown) => boolean, value: unknown): boolean => Array.isArray(value) && value.every(isOne);
