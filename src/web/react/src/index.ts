export { ModulesProvider, useModulesClient, WorkspacePluginProvider, type WorkspacePluginProviderProps } from "./context.js";
export { ModuleConditional, type ModuleConditionalProps, ModuleGate, type ModuleGateProps } from "./gates.js";
export {
  type FetchOptions, type ModuleAnswer, type ModuleList, type RegistryOptions, useModule, useModuleRegistry, useOrgModuleConfig, useWorkspaceModuleConfig,
  useWorkspacePlugin,
} from "./hooks.js";
export type { DeclaredMetric } from "./metrics/declared.js";
export { type OverviewMetric, type OverviewMetrics, type OverviewMetricsOptions, useOverviewMetrics } from "./metrics/hook.js";
export { fetchMetrics, type LoadMetrics, type MetricsRequest } from "./metrics/load.js";
export { ModuleAwareNavigation, type ModuleAwareNavigationProps, type NavigationItem, type OrgNavigation, useOrgNavigation } from "./navigation.js";
export { buildTabs, type TabDefinition, type Tabs, useTabs } from "./tabs.js";
export type {
  ModuleAvailability, ModuleConfig, ModulesSource, WorkspaceFeatures, WorkspaceInfo, WorkspaceNavigation, WorkspacePluginContext,
  WorkspacePluginContextValue, WorkspaceRole,
} from "./types.js";
