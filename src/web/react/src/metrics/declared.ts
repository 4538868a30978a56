import type { ModuleConfig } from "../types.js";

/** One figure as its module declares it. */
export interface DeclaredMetric {
  /** Unique within the module. */
  readonly name: string;
  readonly label: string;
  /** Null for none. */
  readonly unit: string | null;
  /** In the host's own words; null for none. */
  readonly icon: string | null;
}

const most = 20;

/** What a module shows on the overview. A definition may be older than the standard: what is no metric is passed by. */
export function metricsOf(module: ModuleConfig): readonly DeclaredMetric[] {
  const { items } = declarationOf(module);
  const byName = new Map<string, DeclaredMetric>();
  for (const item of Array.isArray(items) ? items.slice(0, most) : []) {
    const { name, label, unit = null, icon = null } = fieldsOf(item);
    if (isName(name) && isText(label) && isTextOrNull(unit) && isTextOrNull(icon) && !byName.has(name)) {
      byName.set(name, { name, label, unit, icon });
    }
  }

  return [...byName.values()];
}

/** Where the values of a module are, in the scope; null where it names no path of the host's own origin. */
export function endpointOf(module: ModuleConfig, scope: { readonly workspaceId: string; readonly orgId?: string }): string | null {
  const { endpoint } = declarationOf(module);
  if (!isString(endpoint)) {
    return null;
  }

  // Looked at with the ids in it; one that is not known stays, so that this is no path. Browsers take a backslash for a slash, and leave out
  // tabs and line ends, so that each of them could make another origin of it.
  const path = endpoint.replace(/\{(workspaceId|orgId)\}/g, (whole, id: "workspaceId" | "orgId") => encodeURIComponent(scope[id] ?? "") || whole);
  return /^\/(?!\/)[!-[\]-z|~]*$/.test(path) ? path : null;
}

/** What the module's definition says of metrics, whatever that is. */
export const declarationOf = ({ navConfig }: ModuleConfig): Record<string, unknown> => fieldsOf(fieldsOf(navConfig)["metrics"]);

const fieldsOf = (value: unknown) => (value ?? {}) as Record<string, unknown>;

const isString = (value: unknown): value is string => typeof value === "string";

const isText = (value: unknown): value is string => isString(value) && value.length > 0 && value.length <= 100;

const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

const isName = (value: unknown): value is string => isText(value) && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value);
