export { type ChangeOptions, createModulesClient, ModulesClient, type ScopeRef } from "./client.js";
export { type ErrorKind, ModulesError } from "./errors.js";
export type { HttpOptions } from "./http.js";
export type { ModulesClientOptions } from "./options.js";
export { browserStorage, type SnapshotStorage } from "./snapshots.js";
export type { WatchState, WatchStatus } from "./state.js";
export type { AnyModule, EffectiveModule, ModuleMap, NavigationAudience, NavigationEntry, OverrideBody, Problem, Reason, Receipt, RegisteredModule, WorkspaceContext } from "./types.js";
export { type ModuleSource, ModuleWatch } from "./watch.js";
