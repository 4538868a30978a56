import { type ReactNode, useCallback, useMemo } from "react";
import type { ModulesError, NavigationAudience, NavigationEntry, WatchStatus } from "@orleans-modules/client";
import { useModulesClient } from "./context.js";
import { isLoading, useOrgModuleConfig, useSource } from "./hooks.js";

/** An entry of the navigation. */
export interface NavigationItem {
  readonly id: string;
  readonly label: string;
  readonly href: string;
  readonly icon?: string;
  /** Shown only where this module is available in the organization. Default: always shown. */
  readonly moduleName?: string;
  readonly children?: readonly NavigationItem[];
}

/** The left navigation of an organization, and how sure it is. */
export interface OrgNavigation {
  /** In the order to show them in; empty while nothing is known. */
  readonly items: readonly NavigationItem[];
  readonly isLoading: boolean;
  readonly error: ModulesError | null;
  readonly status: WatchStatus;
  readonly ageMs: number;
  /** Asks the service now; resolves when it answered, or could not. */
  readonly refreshNavigation: () => Promise<void>;
}

/** What the modules of an organization ask for and its caller may see. The service decides; a workspace never does. */
export function useOrgNavigation(orgId: string, { isAdmin = false, permissions = [] }: NavigationAudience = {}): OrgNavigation {
  const client = useModulesClient();
  const allowed = permissions.join();
  const source = useMemo(() => client.navigation(orgId, { isAdmin, permissions: allowed ? allowed.split(",") : [] }), [client, orgId, isAdmin, allowed]);
  const state = useSource(source, true);
  const entries = state.map?.items;
  const items = useMemo(() => itemsOf(entries ?? []), [entries]);
  const refreshNavigation = useCallback(async () => void await source.refresh(), [source]);
  return useMemo(() => ({
    items,
    isLoading: isLoading(state),
    error: state.error,
    status: state.status,
    ageMs: state.ageMs,
    refreshNavigation,
  }), [items, state, refreshNavigation]);
}

// An entry without a place to go is no link.
const itemsOf = (entries: readonly NavigationEntry[], under = ""): NavigationItem[] => entries.flatMap(({ module, label, route, icon, children }, i) => {
  const id = module ?? `${under}${i}`;
  return typeof route !== "string" ? [] : [{
    id,
    label: label ?? id,
    href: route,
    ...(icon && { icon }),
    ...(module && { moduleName: module }),
    ...(children?.length && { children: itemsOf(children, `${id}.`) }),
  }];
});

/** The audience counts where `items` is not given. */
export interface ModuleAwareNavigationProps extends NavigationAudience {
  /** The organization decides; a workspace never does. */
  readonly orgId: string;
  /** The host's own entries. Default: what the modules ask for, as the service answers it. */
  readonly items?: readonly NavigationItem[];
  /** The `href` of the page that is shown. */
  readonly current?: string;
  /** The name of the landmark. Default "Main". */
  readonly label?: string;
  /** Renders one link, for a host with its own router. Default: an `a` with `aria-current`. */
  readonly renderLink?: (item: NavigationItem, isCurrent: boolean) => ReactNode;
}

/** The navigation of the host, without entries of modules that the organization does not have. */
export function ModuleAwareNavigation({ items, ...props }: ModuleAwareNavigationProps): ReactNode {
  return items ? <OwnNavigation {...props} items={items} /> : <AskedNavigation {...props} />;
}

function AskedNavigation({ orgId, isAdmin, permissions, ...list }: Omit<ModuleAwareNavigationProps, "items">): ReactNode {
  const { items, isLoading } = useOrgNavigation(orgId, { ...(isAdmin !== undefined && { isAdmin }), ...(permissions && { permissions }) });
  return <Landmark {...list} shown={items} isBusy={isLoading} />;
}

function OwnNavigation({ orgId, items, ...list }: ModuleAwareNavigationProps & { readonly items: readonly NavigationItem[] }): ReactNode {
  const { modules, isLoading } = useOrgModuleConfig(orgId);
  const shown = useMemo(() => {
    const available = new Set(modules.filter((module) => module.isAvailable).map((module) => module.name));
    const within = (some: readonly NavigationItem[]): NavigationItem[] => some
      .filter(({ moduleName }) => moduleName === undefined || available.has(moduleName))
      .map((item) => item.children ? { ...item, children: within(item.children) } : item);
    return within(items);
  }, [modules, items]);
  return <Landmark {...list} shown={shown} isBusy={isLoading} />;
}

interface LandmarkProps extends Pick<ModuleAwareNavigationProps, "current" | "label" | "renderLink"> {
  readonly shown: readonly NavigationItem[];
  readonly isBusy: boolean;
}

function Landmark({ shown, isBusy, current, label = "Main", renderLink = link }: LandmarkProps): ReactNode {
  const list = (entries: readonly NavigationItem[]): ReactNode => entries.length > 0 && (
    <ul>
      {entries.map((item) => (
        <li key={item.id}>
          {renderLink(item, item.href === current)}
          {item.children && list(item.children)}
        </li>
      ))}
    </ul>
  );
  return <nav aria-label={label} aria-busy={isBusy}>{list(shown)}</nav>;
}

const link = ({ href, label }: NavigationItem, isCurrent: boolean): ReactNode => <a href={href} aria-current={isCurrent ? "page" : undefined}>{label}</a>;
