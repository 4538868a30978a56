/** Where last-known-good maps are kept between page loads. */
export interface SnapshotStorage {
  /** The text under a key; null where there is none. */
  get(key: string): string | null | Promise<string | null>;
  set(key: string, value: string): void | Promise<void>;
  remove(key: string): void | Promise<void>;
  /** Removes everything that was set, by this page or another. */
  clear(): void | Promise<void>;
}

/**
 * Keeps maps in the browser's `localStorage`. They stay readable by whoever uses the same browser profile: call
 * `client.forget()` at sign-out.
 */
export function browserStorage(prefix = "orleans-modules:"): SnapshotStorage {
  return {
    get: (key) => localStorage.getItem(prefix + key),
    set: (key, value) => localStorage.setItem(prefix + key, value),
    remove: (key) => localStorage.removeItem(prefix + key),
    clear: () => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key)),
  };
}
