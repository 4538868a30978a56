import type { components } from "./openapi.js";

type Schemas = components["schemas"];

/** One module as it is in an organization or workspace. */
export type EffectiveModule = Schemas["EffectiveModuleAnswer"];

/** One module as the system defines it. */
export type RegisteredModule = Schemas["RegisteredModule"];

/** Why a module is not available, and which scope or module is to blame. */
export type Reason = Schemas["Reason"];

/** What an organization or workspace says about a module; absent fields stay as they are. */
export type OverrideBody = Schemas["OverrideBody"];

/** What was recorded of a change. */
export type Receipt = Schemas["Receipt"];

/** Problem details (RFC 9457) of a refusal. */
export type Problem = Schemas["Problem"];

/** What every list of modules has in common. */
export type AnyModule = EffectiveModule | RegisteredModule;

/** What a shell is told of a workspace beside its modules. */
export type WorkspaceContext = Omit<Schemas["WorkspaceContextAnswer"], "moduleAvailability">;

/** One entry of the left navigation: what a module says of itself, and its name. Fields that have no meaning here are the host's own. */
export interface NavigationEntry {
  /** The module that asks for it; absent in entries below others. */
  readonly module?: string;
  readonly label?: string;
  readonly route?: string;
  readonly icon?: string;
  readonly children?: readonly NavigationEntry[];
  readonly [other: string]: unknown;
}

/** Who navigation is for. The service decides by the caller's role; where the caller has none in the organization, this counts. */
export interface NavigationAudience {
  /** Whether entries for administrators are there. Default false. */
  readonly isAdmin?: boolean;
  /** What the user may do, in the host's own words: modules that require more are left out. Default: nothing. */
  readonly permissions?: readonly string[];
}

/** All modules of a scope at one version. Immutable; modules that did not change are the same objects as in the map before. */
export interface ModuleMap<M extends AnyModule = EffectiveModule> {
  /** Revisions of the system, the organization and the workspace, such as `s12.o5.w3`. */
  readonly version: string;
  /** By tier, then name. */
  readonly modules: readonly M[];
  readonly byName: ReadonlyMap<string, M>;
  /** Names of the modules that are available. */
  readonly available: readonly string[];
  /** Of a workspace; null of other scopes, and where the client does not ask for it. The same object until it changes. */
  readonly context: WorkspaceContext | null;
  /** Of navigation, in the order to show it in; null elsewhere. The same object until it changes. */
  readonly items: readonly NavigationEntry[] | null;
}
