import type { HttpOptions } from "./http.js";
import type { SnapshotStorage } from "./snapshots.js";

/** Settings of a client. All times are in milliseconds. */
export interface ModulesClientOptions extends HttpOptions {
  /** Whether workspaces are asked for with what a shell needs beside their modules: names, labels, features, role, order of tabs. Default true. */
  readonly context?: boolean;
  /** Where last-known-good maps are kept between page loads. Default: nowhere. */
  readonly storage?: SnapshotStorage;
  /** How old a kept map may be to be used. Default 7 days. */
  readonly maxStoredAgeMs?: number;
  /** How long trouble, or a first answer, may last before a map counts as stale. Default 5,000. */
  readonly graceMs?: number;
  /** How long a stream may say nothing before it counts as broken: more than twice the service's heartbeat. Default 45,000. */
  readonly silenceMs?: number;
  /** How often to ask where there is no stream. Default 30,000. */
  readonly pollMs?: number;
  /** How long to stay connected when nobody subscribes any more. Default 5,000. */
  readonly lingerMs?: number;
  /** After how long in the background a page gives its connection up until it is seen again; `Infinity` for never. Default 60,000. */
  readonly pauseHiddenMs?: number;
  /** Told of every failure, also of those that are healed before anybody sees them. */
  readonly onError?: (error: unknown) => void;
}

/** The settings with their defaults. */
export type Settings = ModulesClientOptions & Required<Pick<ModulesClientOptions,
  "context" | "maxStoredAgeMs" | "graceMs" | "silenceMs" | "pollMs" | "lingerMs" | "pauseHiddenMs" | "onError">>;

export const withDefaults = (options: ModulesClientOptions): Settings => ({
  context: true,
  maxStoredAgeMs: 7 * 86_400_000,
  graceMs: 5_000,
  silenceMs: 45_000,
  pollMs: 30_000,
  lingerMs: 5_000,
  pauseHiddenMs: 60_000,
  onError: () => undefined,
  ...options,
});
