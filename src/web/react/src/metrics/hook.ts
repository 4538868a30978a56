import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { ModuleMap } from "@orleans-modules/client";
import { usePluginSource } from "../context.js";
import { isLoading as isMapLoading, useSource } from "../hooks.js";
import type { ModuleConfig } from "../types.js";
import { declarationOf, type DeclaredMetric, metricsOf } from "./declared.js";
import { fetchMetrics, type LoadMetrics } from "./load.js";
import { type MetricsAnswer, type MetricsAnswers, metricsIn } from "./shared.js";

/** One figure on the overview of a workspace. */
export interface OverviewMetric extends DeclaredMetric {
  /** The name of the module that declares it. */
  readonly module: string;
  /** What the module is called. */
  readonly moduleLabel: string;
  /** `ready` is an answer, also where that has no value; `loading` and `error` say that there is none. */
  readonly phase: "loading" | "ready" | "error";
  /** Null where there is none. On an error the value from before, if there was one. */
  readonly value: number | null;
  /** Why the phase is `error`. */
  readonly error: Error | null;
}

export interface OverviewMetricsOptions {
  /** Gets the values of a module. Default: `fetchMetrics`, which asks the endpoint that the module declares. */
  readonly load?: LoadMetrics;
  /** What the user may do, in the host's own words: modules that require more are left out. Default: nothing. */
  readonly permissions?: readonly string[];
}

/** The figures of a workspace, and whether more may come. */
export interface OverviewMetrics {
  /** By the order of tabs, then as their module declares them; empty while nothing is known. */
  readonly metrics: readonly OverviewMetric[];
  /** Whether nothing is known of the modules yet, or a metric is still loading. */
  readonly isLoading: boolean;
  /** Asks for all values, or joins who asks for them already; resolves when each was answered, or could not be. What is shown stays until then. */
  readonly refreshMetrics: () => Promise<void>;
}

/**
 * What the available modules of the workspace show on its overview. Values are loaded once for all components that use them, when their module
 * becomes available or declares something else: with the `load` of the component that was first, so give the same everywhere.
 */
export function useOverviewMetrics({ load = fetchMetrics, permissions = [] }: OverviewMetricsOptions = {}): OverviewMetrics {
  const { info: { workspaceId }, source } = usePluginSource();
  const state = useSource(source, true);
  const shared = metricsIn(source);
  const answers = useSyncExternalStore(shared.subscribe, shared.getState, nothing);
  const allowed = JSON.stringify(permissions);
  const shown = useMemo(() => shownIn(state.map, JSON.parse(allowed) as string[]), [state.map, allowed]);
  const orgId = state.map?.context?.orgId;

  // A function of each render would otherwise be a reason to load in each render.
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  const loadNow = useCallback((module: ModuleConfig, signal: AbortSignal) => latest.current(module, { workspaceId, ...(orgId !== undefined && { orgId }), signal }), [workspaceId, orgId]);

  useEffect(() => {
    const releases = shown.map(({ module }) => shared.hold(module, JSON.stringify([orgId, declarationOf(module)]), loadNow));
    return () => releases.forEach((release) => release());
  }, [shared, shown, orgId, loadNow]);

  const refreshMetrics = useCallback(async () => void await Promise.all(shown.map(({ module }) => shared.refresh(module.name, loadNow))), [shared, shown, loadNow]);
  const metrics = useMemo(() => shown.flatMap(({ module, items }) => items.map((item) => metricOf(module, item, answers.get(module.name)))), [shown, answers]);
  const isLoading = isMapLoading(state) || metrics.some(({ phase }) => phase === "loading");
  return useMemo(() => ({ metrics, isLoading, refreshMetrics }), [metrics, isLoading, refreshMetrics]);
}

// What a server knows: it loads nothing.
const none: MetricsAnswers = new Map();
const nothing = () => none;

interface Shown {
  readonly module: ModuleConfig;
  readonly items: readonly DeclaredMetric[];
}

function shownIn(map: ModuleMap | null, permissions: readonly string[]): Shown[] {
  const order = map?.context?.tabOrder ?? [];
  const rank = ({ module }: Shown) => order.includes(module.name) ? order.indexOf(module.name) : order.length;
  return (map?.modules ?? [])
    .filter(({ isAvailable, requiredPermissions }) => isAvailable && requiredPermissions.every((permission) => permissions.includes(permission)))
    .map((module) => ({ module, items: metricsOf(module) }))
    .filter(({ items }) => items.length > 0)
    .sort((a, b) => rank(a) - rank(b)); // stable
}

function metricOf({ name, displayName }: ModuleConfig, item: DeclaredMetric, answer: MetricsAnswer | undefined): OverviewMetric {
  const phase = answer?.error ? "error" : answer?.values.has(item.name) ? "ready" : "loading";
  return { ...item, module: name, moduleLabel: displayName, phase, value: answer?.values.get(item.name) ?? null, error: answer?.error ?? null };
}
