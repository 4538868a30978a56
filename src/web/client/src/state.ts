import { ModulesError } from "./errors.js";
import type { AnyModule, ModuleMap } from "./types.js";
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

/**
 * Makes a map from an answer. Modules that say the same as before stay the same objects.
 * @throws ModulesError `bad-answer` where it is no map.
 */
export function toMap<M extends AnyModule>(answer: unknown, before: ModuleMap<M> | null): ModuleMap<M> {
  const { version, modules } = (answer ?? {}) as { version?: unknown; modules?: unknown };
  if (!isVersion(version) || !Array.isArray(modules) || !modules.every(isModule)) {
    throw new ModulesError("bad-answer", "The answer is no map of modules.");
  }

  const kept = (modules as M[]).map((module) => {
    const old = before?.byName.get(module.name);
    return old && JSON.stringify(old) === JSON.stringify(module) ? old : module;
  });
  return {
    version,
    modules: kept,
    byName: new Map(kept.map((module) => [module.name, module])),
    available: kept.filter((module) => module.isAvailable).map((module) => module.name),
  };
}

const isModule = (value: unknown): boolean => {
  const module = value as Partial<AnyModule> | null;
  return typeof module?.name === "string" && typeof module.isAvailable === "boolean";
};
