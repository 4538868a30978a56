import { readJson, send } from "./http.js";
import { type ModulesClientOptions, type Settings, withDefaults } from "./options.js";
import { store } from "./snapshots.js";
import type { NavigationAudience, OverrideBody, Receipt, RegisteredModule } from "./types.js";
import { type ModuleSource, ModuleWatch } from "./watch.js";

/** Whose modules: an organization or a workspace. */
export interface ScopeRef {
  readonly kind: "org" | "workspace";
  readonly id: string;
}

/** How to make a change. */
export interface ChangeOptions {
  /** The version or revision that the change is based on: refused with 412 where that is no longer current. */
  readonly ifMatch?: string;
  /** Why, for the history. */
  readonly reason?: string;
  /** Whether to change also what others depend on. */
  readonly force?: boolean;
}

/** One service, seen from one page: every scope is asked for once, however many ask here. */
export class ModulesClient {
  readonly #settings: Settings;
  readonly #watches = new Map<string, ModuleWatch>();

  /** What the system defines, for all scopes. It has no events: it follows the watched scopes, and is asked for now and then. */
  readonly registry: ModuleWatch<RegisteredModule>;

  constructor(options: ModulesClientOptions = {}) {
    this.#settings = withDefaults(options);
    this.registry = new ModuleWatch<RegisteredModule>(this.#settings, "/api/platform/modules", 1, () => this.#below(() => true));
  }

  /** The modules of a workspace; the same object for the same id. */
  workspace(id: string): ModuleWatch {
    return this.scope({ kind: "workspace", id });
  }

  /** The modules of an organization; the same object for the same id. */
  org(id: string): ModuleWatch {
    return this.scope({ kind: "org", id });
  }

  /**
   * The left navigation of an organization, for one audience: `items` of its map. Follows the organization's own stream; no workspace changes
   * it. The same object for the same organization and audience.
   */
  navigation(orgId: string, { isAdmin = false, permissions = [] }: NavigationAudience = {}): ModuleSource {
    const audience = new URLSearchParams({ ...(isAdmin && { admin: "true" }), ...(permissions.length > 0 && { permissions: permissions.join() }) });
    const path = `${pathOf({ kind: "org", id: orgId })}/navigation${audience.size > 0 ? `?${audience}` : ""}`;
    return this.#watchAt(path, () => new ModuleWatch(this.#settings, path, 2, () => this.org(orgId)));
  }

  /** The modules of an organization or workspace; the same object for the same id. */
  scope(scope: ScopeRef): ModuleWatch {
    const base = pathOf(scope);
    if (scope.kind === "org") {
      const isOfOrg = (watch: ModuleWatch) => watch.getState().map?.context?.orgId === scope.id;
      return this.#watchAt(base, () => new ModuleWatch(this.#settings, `${base}/modules`, 2, () => this.#below(isOfOrg) ?? `${base}/events`));
    }

    return this.#watchAt(base, () => new ModuleWatch(this.#settings, base + (this.#settings.context ? "/context" : "/modules"), 3, () => `${base}/events`));
  }

  /**
   * Sets what a scope says about a module, or with null lets it inherit everything again. The map of the scope has the change when this
   * returns, if the service answers. Not repeated by itself.
   * @throws ModulesError with the service's `problem`, such as `parent-disabled`.
   */
  async override(scope: ScopeRef, module: string, body: OverrideBody | null, options: ChangeOptions = {}): Promise<Receipt> {
    const headers: Record<string, string> = {
      ...(body && { "Content-Type": "application/json" }),
      ...(options.ifMatch !== undefined && { "If-Match": `"${options.ifMatch}"` }),
      ...(options.reason !== undefined && { "X-Change-Reason": encodeURIComponent(options.reason) }),
    };
    const path = `${pathOf(scope)}/modules/${encodeURIComponent(module)}${options.force ? "?force=true" : ""}`;
    const init = body ? { method: "PUT", headers, body: JSON.stringify(body) } : { method: "DELETE", headers };
    const receipt = await send(this.#settings, path, init, readJson) as Receipt;
    await this.scope(scope).reach(receipt.version);
    return receipt;
  }

  /**
   * Lets go of all that is known, here and in the storage: for sign-out, after the token is gone, as what is still watched is asked for again.
   */
  forget(): void {
    for (const watch of [this.registry, ...this.#watches.values()]) {
      watch.forget();
    }

    void store(this.#settings, (storage) => storage.clear());
  }

  #watchAt(key: string, make: () => ModuleWatch): ModuleWatch {
    const watch = this.#watches.get(key) ?? make();
    this.#watches.set(key, watch);
    return watch;
  }

  // Browsers have few connections to one host: what is above a scope that is watched needs none, as the version of the scope has its version in it.
  #below(isBelow: (watch: ModuleWatch) => boolean): ModuleWatch | null {
    return [...this.#watches.values()].find((watch) => watch.isSure && isBelow(watch)) ?? null;
  }
}

const pathOf = (scope: ScopeRef): string => `/api/platform/${scope.kind}s/${encodeURIComponent(scope.id)}`;

/** Makes a client. One is enough for a page. */
export const createModulesClient = (options: ModulesClientOptions = {}): ModulesClient => new ModulesClient(options);
