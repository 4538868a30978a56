import { useMemo } from "react";
import { useWorkspacePlugin } from "./hooks.js";

/** A tab that a host can show. */
export interface TabDefinition {
  readonly id: string;
  readonly label: string;
  /** Shown only where this module is available. Default: always shown. */
  readonly moduleName?: string;
  /** Kept at an end, whatever the order says. */
  readonly place?: "first" | "last";
}

/**
 * The tabs to show, in order. `order` names ids or modules; tabs it does not name follow in their own order. A tab that is not shown keeps
 * its place: it is there again when its module is.
 */
export function buildTabs<T extends TabDefinition>(definitions: readonly T[], isAvailable: (moduleName: string) => boolean, order: readonly string[] = []): T[] {
  const rank = ({ id, moduleName, place }: T): number => {
    if (place) {
      return place === "first" ? -1 : order.length + 1;
    }

    const index = order.findIndex((name) => name === id || name === moduleName);
    return index < 0 ? order.length : index;
  };
  return [...definitions]
    .sort((a, b) => rank(a) - rank(b)) // stable
    .filter(({ moduleName }) => moduleName === undefined || isAvailable(moduleName));
}

export interface Tabs<T extends TabDefinition> {
  readonly tabs: readonly T[];
  /** Whether tabs of modules may still appear. */
  readonly isLoading: boolean;
  /** The tab with an id; the first where it is not shown; null while that cannot be known. */
  readonly select: (id: string | null | undefined) => T | null;
}

/** The tabs of the workspace; `order` is by default what its settings say. Give both arguments as constants, or memoize them. */
export function useTabs<T extends TabDefinition>(definitions: readonly T[], order?: readonly string[]): Tabs<T> {
  const { moduleAvailability, loading, tabOrder } = useWorkspacePlugin();
  return useMemo(() => {
    const tabs = buildTabs(definitions, moduleAvailability.isModuleAvailable, order ?? tabOrder);
    return {
      tabs,
      isLoading: loading,
      select: (id) => tabs.find((tab) => tab.id === id) ?? (loading && definitions.some((tab) => tab.id === id) ? null : tabs[0] ?? null),
    };
  }, [definitions, order, tabOrder, moduleAvailability, loading]);
}
