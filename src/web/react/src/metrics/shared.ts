import type { ModuleSource } from "@orleans-modules/client";
import type { ModuleConfig } from "../types.js";
import { metricsOf } from "./declared.js";
import { objectOf } from "./load.js";

const limitMs = 10_000;

/** What is known of the values of one module. */
export interface MetricsAnswer {
  /** By name: all that were declared when they were asked for; null for one without a value. */
  readonly values: ReadonlyMap<string, number | null>;
  /** Why they could not be asked for the last time; null where they could. The values are then those from before. */
  readonly error: Error | null;
}

/** What is known by module; nothing of one that was not answered yet. */
export type MetricsAnswers = ReadonlyMap<string, MetricsAnswer>;

/** Gets the values of a module, unless the signal aborts. */
export type LoadValues = (module: ModuleConfig, signal: AbortSignal) => Promise<unknown>;

/** The values of the modules of one workspace, for all who use them. */
export interface MetricsSource {
  readonly getState: () => MetricsAnswers;
  readonly subscribe: (listener: () => void) => () => void;
  /** Uses the values of a module until the answered function is called. Loads them where nobody did, or the declaration is another. */
  readonly hold: (module: ModuleConfig, declaration: string, load: LoadValues) => () => void;
  /** Loads the values of a module that is held, as it was held last, or joins a load that is under way; ends when nothing is under way. */
  readonly refresh: (name: string, load: LoadValues) => Promise<void>;
}

interface Share {
  holders: number;
  module: ModuleConfig;
  declaration: string | null;
  loading: { readonly done: Promise<void>; readonly abort: () => void } | null;
}

/** Loads values once for all who use them, and lets go of them with the last. */
class SharedMetrics implements MetricsSource {
  #answers: MetricsAnswers = new Map();
  readonly #shares = new Map<string, Share>();
  readonly #listeners = new Set<() => void>();

  readonly getState = (): MetricsAnswers => this.#answers;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly hold = (module: ModuleConfig, declaration: string, load: LoadValues): (() => void) => {
    const { name } = module;
    const share = this.#shares.get(name) ?? { holders: 0, module, declaration: null, loading: null };
    this.#shares.set(name, share);
    share.holders++;
    share.module = module;
    if (share.declaration !== declaration) {
      share.declaration = declaration;
      share.loading?.abort();
      const before = this.#answers.get(name);
      if (before?.error) {
        this.#tell(name, { ...before, error: null }); // it may be what was mended
      }

      void this.#load(share, load);
    }

    return () => {
      share.holders--;

      // Who lets go when something changed mostly takes the same again at once.
      queueMicrotask(() => {
        if (share.holders === 0 && this.#shares.get(name) === share) {
          this.#shares.delete(name);
          share.loading?.abort();
          this.#tell(name, null);
        }
      });
    };
  };

  readonly refresh = async (name: string, load: LoadValues): Promise<void> => {
    const share = this.#shares.get(name);
    for (let done = share && (share.loading?.done ?? this.#load(share, load)); done; done = share?.loading?.done) {
      await done; // another one follows where the declaration changed meanwhile
    }
  };

  #load(share: Share, load: LoadValues): Promise<void> {
    const { module } = share;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error("No answer within ten seconds.")), limitMs);

    // A load may not listen to its signal.
    const ended = new Promise<never>((_, reject) => controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error)));
    ended.catch(() => undefined); // nobody waits for it where the load throws at once
    const run = async (): Promise<MetricsAnswer> => {
      try {
        return answerOf(module, await Promise.race([ended, load(module, controller.signal)]));
      } catch (thrown) {
        return { values: this.#answers.get(module.name)?.values ?? new Map(), error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
      }
    };
    const loading = share.loading = {
      abort: () => controller.abort(),
      done: run().then((answer) => {
        clearTimeout(timer);
        if (share.loading === loading) {
          share.loading = null;
          if (this.#shares.get(module.name) === share) {
            this.#tell(module.name, answer);
          }
        }
      }),
    };
    return loading.done;
  }

  #tell(name: string, answer: MetricsAnswer | null): void {
    const answers = new Map(this.#answers);
    if (answer) {
      answers.set(name, answer);
    } else {
      answers.delete(name);
    }

    this.#answers = answers;
    this.#listeners.forEach((listener) => listener());
  }
}

/** What a module answered, of all that it declares. @throws Error where that is no object. */
export function answerOf(module: ModuleConfig, said: unknown): MetricsAnswer {
  const values = objectOf(said);
  return { values: new Map(metricsOf(module).map(({ name }) => [name, numberIn(values[name])])), error: null };
}

const numberIn = (value: unknown): number | null => Number.isFinite(value) ? value as number : null;

// A client has one source a workspace.
const sources = new WeakMap<ModuleSource, MetricsSource>();

/** The values in the workspace of a source of modules; the same object for the same source. */
export function metricsIn(source: ModuleSource): MetricsSource {
  const metrics = sources.get(source) ?? new SharedMetrics();
  sources.set(source, metrics);
  return metrics;
}

/** Puts something else in the place of what loads values, for tests. */
export const setMetricsIn = (source: ModuleSource, metrics: MetricsSource): void => void sources.set(source, metrics);
