import { afterEach, beforeEach, vi } from "vitest";
import { createModulesClient, type ModulesClientOptions, type SnapshotStorage, type WatchState, type EffectiveModule } from "../src/index.js";
import { FakeService } from "./fake-service.js";

/** Time stands still but for `pass`; waits have no jitter. */
export function fakeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    vi.spyOn(Math, "random").mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Lets time pass, and all that happens meanwhile. */
export const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A storage that lives as long as the test. */
export class MemoryStorage implements SnapshotStorage {
  readonly texts = new Map<string, string>();
  get = (key: string): string | null => this.texts.get(key) ?? null;
  set = (key: string, value: string): void => void this.texts.set(key, value);
  remove = (key: string): void => void this.texts.delete(key);
  clear = (): void => this.texts.clear();
}

/** A client of a fake service that watches the workspace "red" and keeps every state it was in. */
export function watchRed(options: ModulesClientOptions = {}, service = new FakeService()) {
  const errors: unknown[] = [];
  const client = createModulesClient({ fetch: service.fetch, onError: (error) => errors.push(error), ...options });
  const watch = client.workspace("red");
  const states: WatchState<EffectiveModule>[] = [watch.getState()];
  const stop = watch.subscribe(() => states.push(watch.getState()));
  return { client, errors, service, states, stop, watch, statuses: () => states.map((s) => s.status) };
}

/** Who listens to a target now, and has not left. */
export function listenersOf(target: EventTarget): Set<unknown> {
  const listeners = new Set<unknown>();
  const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
  target.addEventListener = (type: string, listener: EventListener) => {
    listeners.add(listener);
    add(type, listener);
  };
  target.removeEventListener = (type: string, listener: EventListener) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  return listeners;
}

/** A day, in milliseconds. */
export const day = 86_400_000;

/** An answer that does not come. */
export const never = (): Promise<Response> => new Promise<Response>(() => undefined);

/** What an earlier page load left behind, `ageMs` ago. */
export async function storedBefore(ageMs: number): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const { stop } = watchRed({ storage, lingerMs: 0 });
  await pass();
  stop();
  await pass(ageMs);
  return storage;
}
