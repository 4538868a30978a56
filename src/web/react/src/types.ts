import type { EffectiveModule, ModulesError, ModuleSource, NavigationAudience, RegisteredModule, WatchStatus } from "@orleans-modules/client";

/** One module with its configuration and flags, as they are in the scope. */
export type ModuleConfig = EffectiveModule;

/** The workspace that a plugin runs in. */
export interface WorkspaceInfo {
  readonly id: string;
  readonly name: string;
  readonly color?: string | null;
  readonly icon?: string | null;
}

/** How the host calls its workspaces. */
export interface WorkspaceNavigation {
  readonly labelSingular: string;
  readonly labelPlural: string;
  readonly icon: string;
}

/** What the host offers around workspaces. */
export interface WorkspaceFeatures {
  readonly favoritesEnabled: boolean;
  readonly tagsEnabled: boolean;
  readonly colorCodingEnabled: boolean;
}

/** The caller's role in the workspace; or one above it, such as `org_admin`. */
export type WorkspaceRole = "ws_owner" | "ws_admin" | "ws_user" | (string & {});

/** Which modules a plugin can rely on. */
export interface ModuleAvailability {
  /** False also while nothing is known. */
  readonly isModuleAvailable: (name: string) => boolean;
  /** The module with its configuration, available or not; null where there is none of that name, or nothing is known. */
  readonly getModuleConfig: (name: string) => ModuleConfig | null;
  /** Names of the available modules, by tier and name. */
  readonly enabledModules: readonly string[];
}

/** What a plugin is told of where it runs. */
export interface WorkspacePluginContext {
  readonly workspaceId: string;
  /** Absent while nothing is known. */
  readonly orgId?: string;
  /** Absent while nothing is known. */
  readonly workspace?: WorkspaceInfo;
  readonly navigation: WorkspaceNavigation;
  readonly features: WorkspaceFeatures;
  /** Absent while nothing is known, and for callers without a role. */
  readonly userRole?: WorkspaceRole;
  /** Modules in the order of their tabs; empty while nothing is known. */
  readonly tabOrder: readonly string[];
  readonly moduleAvailability: ModuleAvailability;
}

/** The context, and how sure it is. */
export interface WorkspacePluginContextValue extends WorkspacePluginContext {
  /** Asks the service now; resolves when it answered, or could not. */
  readonly refresh: () => Promise<void>;
  /** Whether nothing is known yet. A last-known-good map counts as known. */
  readonly loading: boolean;
  /** Why nothing is known, or why what is known is stale. */
  readonly error: ModulesError | null;
  readonly status: WatchStatus;
  /** Milliseconds since the service last confirmed what is known; 0 while it is current. */
  readonly ageMs: number;
}

/** Where the kit gets modules from: a client, or what stands for one in tests. */
export interface ModulesSource {
  workspace(id: string): ModuleSource;
  org(id: string): ModuleSource;
  navigation(orgId: string, audience: NavigationAudience): ModuleSource;
  readonly registry: ModuleSource<RegisteredModule>;
}
