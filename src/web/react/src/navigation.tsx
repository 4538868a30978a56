import { type ReactNode, useMemo } from "react";
import type { EffectiveModule } from "@orleans-modules/client";
import { useOrgModuleConfig } from "./hooks.js";

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

type NavConfig = { route?: unknown; label?: unknown; icon?: unknown; order?: unknown; adminOnly?: unknown; children?: unknown };

/** Who navigation is for. */
export interface NavigationAudience {
  /** Whether entries for admins are shown. Default false. */
  readonly isAdmin?: boolean;
  /** What the user may do: entries of modules that require more are left out. Default: none are. */
  readonly permissions?: readonly string[];
}

/** The entries that modules ask for in their `navConfig`, by `order`. */
export function navigationOf(modules: readonly EffectiveModule[], { isAdmin = false, permissions }: NavigationAudience = {}): NavigationItem[] {
  const entries = (configs: readonly (readonly [string, NavConfig, string?])[]): NavigationItem[] => configs
    .filter(([, { route, adminOnly }]) => typeof route === "string" && (isAdmin || adminOnly !== true))
    .sort(([, a], [, b]) => orderOf(a) - orderOf(b))
    .map(([id, { route, label, icon, children }, moduleName]) => ({
      id,
      label: typeof label === "string" ? label : id,
      href: route as string, // filtered above
      ...(typeof icon === "string" && { icon }),
      ...(moduleName !== undefined && { moduleName }),
      ...(Array.isArray(children) && children.length > 0 && {
        children: entries((children as NavConfig[]).map((child, i) => [`${id}.${i}`, child] as const)),
      }),
    }));
  const allowed = modules.filter(({ requiredPermissions }) => !permissions || requiredPermissions.every((permission) => permissions.includes(permission)));
  return entries(allowed.map((module) => [module.name, module.navConfig as NavConfig, module.name] as const));
}

const orderOf = ({ order }: NavConfig): number => typeof order === "number" ? order : Number.MAX_SAFE_INTEGER;

/** The audience counts where `items` is not given. Give `items` and `permissions` as constants, or memoize them. */
export interface ModuleAwareNavigationProps extends NavigationAudience {
  /** The organization decides; a workspace never does. */
  readonly orgId: string;
  /** Default: what the modules ask for. */
  readonly items?: readonly NavigationItem[];
  /** The `href` of the page that is shown. */
  readonly current?: string;
  /** The name of the landmark. Default "Main". */
  readonly label?: string;
  /** Renders one link, for a host with its own router. Default: an `a` with `aria-current`. */
  readonly renderLink?: (item: NavigationItem, isCurrent: boolean) => ReactNode;
}

/** The navigation of the host, without entries of modules that the organization does not have. */
export function ModuleAwareNavigation({ orgId, items, isAdmin = false, permissions, current, label = "Main", renderLink = link }: ModuleAwareNavigationProps): ReactNode {
  const { modules, isLoading } = useOrgModuleConfig(orgId);
  const shown = useMemo(() => {
    const available = new Set(modules.filter((module) => module.isAvailable).map((module) => module.name));
    return (items ?? navigationOf(modules, { isAdmin, ...(permissions && { permissions }) })).filter(({ moduleName }) => moduleName === undefined || available.has(moduleName));
  }, [modules, items, isAdmin, permissions]);
  const list = (entries: readonly NavigationItem[]): ReactNode => (
    <ul>
      {entries.map((item) => (
        <li key={item.id}>
          {renderLink(item, item.href === current)}
          {item.children && list(item.children)}
        </li>
      ))}
    </ul>
  );
  return <nav aria-label={label} aria-busy={isLoading}>{list(shown)}</nav>;
}

const link = ({ href, label }: NavigationItem, isCurrent: boolean): ReactNode => <a href={href} aria-current={isCurrent ? "page" : undefined}>{label}</a>;
