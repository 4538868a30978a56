import type { Settings } from "./options.js";

/** Where last-known-good maps are kept between page loads. What it is told has effect in the order in which it was told. */
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

/** Reads or writes a storage, if there is one. It may be full, or closed to this page: that must not stop anything. */
export function store<T>({ storage, onError }: Settings, act: (storage: SnapshotStorage) => T): T | undefined {
  try {
    const done = storage && act(storage);
    if (done instanceof Promise) {
      done.catch(onError);
    }

    return done;
  } catch (thrown) {
    onError(thrown);
    return undefined;
  }
}
