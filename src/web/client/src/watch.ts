import { type Moment, now, since } from "./clock.js";
import { MapCopy, staleMsOf } from "./copy.js";
import { ModulesError, toError } from "./errors.js";
import { readEvents, type ServerEvent } from "./events.js";
import { send } from "./http.js";
import type { Settings } from "./options.js";
import { Pause } from "./pause.js";
import type { WatchState } from "./state.js";
import type { AnyModule, EffectiveModule } from "./types.js";
import { partOf } from "./version.js";

const tickMs = 5_000;
const firstRetryMs = 1_000;
const lastRetryMs = 30_000;
const finalRetryMs = 60_000;

/** The modules of one scope, as they are read. */
export interface ModuleSource<M extends AnyModule = EffectiveModule> {
  /** What is known now. */
  readonly getState: () => WatchState<M>;
  /** Calls back after every change of the state, and stays connected until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Calls back after every change of the state, but does not connect by itself. */
  readonly observe: (listener: () => void) => () => void;
  /** Asks the service now. Never throws: the state says what came of it. */
  readonly refresh: () => Promise<WatchState<M>>;
}

/** Keeps the map of one scope current while somebody subscribes: one request, one stream, for any number of subscribers. */
export class ModuleWatch<M extends AnyModule = EffectiveModule> implements ModuleSource<M> {
  readonly #copy: MapCopy<M>;
  readonly #listeners = new Set<() => void>();
  readonly #observers = new Set<() => void>();
  readonly #pause = new Pause();
  #state: WatchState<M>;
  #told: WatchState<M>;
  #run: AbortController | null = null;
  #source: string | ModuleWatch | null = null;
  #stream: AbortController | null = null;
  #opened = now();
  #heard: Moment | null = null;
  #retryMs = 2_000;
  #isFailing = false;
  #look: () => void = () => undefined;
  #ticked = now();
  #ticker: ReturnType<typeof setInterval> | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  /** Made by a client. */
  constructor(
    private readonly settings: Settings,
    /** The address of the map below the service. */
    path: string,
    /** How many parts its version has: 1 of the system, 2 of an organization, 3 of a workspace. */
    private readonly parts: number,
    /** The address of its events, or a watch of the same scope or of one below that has them; null where there are none, and it is polled. May change. */
    private readonly events: () => string | ModuleWatch | null,
  ) {
    this.#copy = new MapCopy<M>(settings, path, () => this.#emit());
    this.#state = this.#told = this.#copy.state();
  }

  // By the clocks of this moment: after a sleep somebody may look before any timer runs.
  readonly getState = (): WatchState<M> => {
    const state = this.#copy.state();
    const old = this.#state;
    const isOlder = Math.abs(state.ageMs - old.ageMs) >= tickMs / 2;
    if (state.status !== old.status || state.map !== old.map || state.error !== old.error || isOlder) {
      this.#state = state;
    }

    return this.#state;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    clearTimeout(this.#linger);
    this.#start();
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) {
        this.#linger = setTimeout(() => this.#stop(), this.settings.lingerMs);
      }
    };
  };

  readonly observe = (listener: () => void): (() => void) => {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  };

  readonly refresh = async (): Promise<WatchState<M>> => {
    try {
      if (await this.#copy.pull()) {
        if (!this.#copy.isReached) {
          // That request began before the change which this caller knows of.
          await this.#copy.pull();
        }

        if (this.#source !== null || this.#isFailing) {
          this.#pause.end();
        }
      }
    } catch (thrown) {
      this.#copy.fail(toError(thrown));
    }

    return this.getState();
  };

  /** Whether it is kept current, and others can go by it. */
  get isSure(): boolean {
    return this.#run !== null && this.getState().status === "ready";
  }

  /** Asks for a version that is known from elsewhere, such as from the receipt of a change. */
  reach(version: string): Promise<WatchState<M>> {
    this.#copy.tell(version);
    return this.#copy.isReached ? Promise.resolve(this.getState()) : this.refresh();
  }

  /** Lets go of all that is known, here and in the storage, and asks again where somebody subscribes. */
  forget(): void {
    this.#copy.drop();
    if (this.#run) {
      this.#stop();
      this.#start();
    }
  }

  #start(): void {
    if (this.#run || this.#listeners.size === 0) {
      return;
    }

    this.#run = new AbortController();
    this.#source = this.events();
    this.#ticked = now();
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    page()?.addEventListener("visibilitychange", this.#onVisibility);
    network()?.addEventListener("online", this.#onOnline);
    if (page()?.visibilityState === "hidden") {
      this.#onVisibility();
    }

    this.#copy.expectAnswer();
    this.#emit();
    void this.#keepCurrent(this.#run.signal);
  }

  #stop(isPaused = false): void {
    this.#run?.abort();
    this.#run = null;
    clearInterval(this.#ticker);
    if (!isPaused) {
      clearTimeout(this.#hiding);
      page()?.removeEventListener("visibilitychange", this.#onVisibility);
      network()?.removeEventListener("online", this.#onOnline);
    }
  }

  async #keepCurrent(run: AbortSignal): Promise<void> {
    const isOver = () => run.aborted;
    let failures = 0;
    let isBehind = !this.#copy.isFresh;
    while (!isOver()) {
      const hasAsked = isBehind;
      this.#isFailing = false;
      let pauseMs = this.settings.pollMs * jitter();
      try {
        if (isBehind) {
          await this.#copy.pull();
          isBehind = false;
          failures = 0;
        }

        const source = this.#source = this.events();
        if (source === null) {
          isBehind = true;
        } else {
          await (typeof source === "string" ? this.#listen(source, run) : this.#attend(source, run));
          pauseMs = this.#retryMs * jitter();
        }
      } catch (thrown) {
        const error = toError(thrown);
        if (isOver()) {
          return;
        }

        if (isBehind || error.isFinal) {
          this.#copy.fail(error);
          this.#isFailing = isBehind = true;
          pauseMs = pauseAfter(error, failures++);
        } else {
          // The stream broke. After a good one the next may go on where it ended; without any, the map can still be asked for.
          this.settings.onError(error);
          isBehind = this.#isDumb || !this.#copy.isReached;
          pauseMs = !isBehind ? this.#retryMs * jitter() : hasAsked && this.#isDumb ? pauseMs : 0;
        }
      }

      await this.#pause.wait(pauseMs, run);
    }
  }

  async #listen(path: string, run: AbortSignal): Promise<void> {
    if (run.aborted) {
      return; // while the map was asked for
    }

    const stream = this.#stream = new AbortController();
    const end = () => stream.abort();
    run.addEventListener("abort", end);
    this.#opened = now();
    this.#heard = null;
    try {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": this.#copy.map?.version ?? "" };
      await send(this.settings, path, { headers, signal: stream.signal, isStream: true }, async ({ body, headers: got }) => {
        if (!body || !got.get("content-type")?.startsWith("text/event-stream")) {
          await body?.cancel();
          throw new ModulesError("bad-answer", "The answer is no event stream.");
        }

        for await (const event of readEvents(body)) {
          if (stream.signal.aborted) {
            return; // what came with others in one piece is not for now
          }

          await this.#take(event);
        }
      });
      if (this.#isDumb) {
        throw new ModulesError("bad-answer", "The stream ended before it said anything.");
      }
    } finally {
      this.#stream = null;
      run.removeEventListener("abort", end);
    }
  }

  // Goes by what another watch learns, and is as sure as that. Looks there also now and then, as it does not tell that all is well.
  // The version of a scope below has the one of this scope in it, but whether it is kept current, and what is wrong with it, is its own affair.
  async #attend(other: ModuleWatch, run: AbortSignal): Promise<void> {
    const isOver = () => run.aborted;
    const isBelow = other.parts > this.parts;
    const look = () => this.#look();
    const leave = isBelow ? other.observe(look) : other.subscribe(look);
    run.addEventListener("abort", look, { once: true });
    this.#heard = now();
    let known: ModulesError | null = null;
    try {
      while (!isOver()) {
        const state = other.getState();
        const { status, map, error } = state;
        if (isBelow && !other.isSure) {
          return;
        }

        if (error !== null && error !== known) {
          this.#copy.fail(error);
        } else if (status === "ready" && !this.#copy.tell(map && partOf(map.version, this.parts))) {
          await this.#copy.pull();
        }

        known = error;
        if (state === other.getState() && !isOver()) {
          await new Promise<void>((resolve) => {
            this.#look = resolve;
          });
        }
      }
    } finally {
      leave();
    }
  }

  async #take({ type, data, retryMs }: ServerEvent): Promise<void> {
    this.#retryMs = retryMs ?? this.#retryMs;
    if (type === "deleted") {
      throw new ModulesError("deleted", "It was deleted.");
    }

    if (type === "version") {
      const { version, staleFor } = saidIn(data);
      if (!this.#copy.tell(version, staleMsOf(staleFor))) {
        await this.#copy.pull();
      }
    } else if (type === "stale") {
      this.#copy.confirm(staleMsOf(saidIn(data).staleFor) || 1);
    } else if (type === "") {
      this.#copy.confirm();
    } else {
      return;
    }

    this.#heard = now();
  }

  // Also notices what nobody tells of: a stream gone silent, and that the machine slept or its clock jumped.
  #tick(): void {
    const slept = since(this.#ticked) > 3 * tickMs;
    this.#ticked = now();
    if (this.#source !== this.events()) {
      this.#stop(true);
      this.#start();
    } else if (slept) {
      this.#wake();
    } else if (this.#isSilent) {
      this.#stream?.abort();
    }

    this.#look();
    this.#emit();
  }

  // Whether the stream has not said anything yet.
  get #isDumb(): boolean {
    return this.#heard === null;
  }

  get #isSilent(): boolean {
    return since(this.#heard ?? this.#opened) > this.settings.silenceMs;
  }

  #wake(isNewNetwork = false): void {
    if (this.#stream && (isNewNetwork || this.#isSilent)) {
      this.#pause.skipNext();
      this.#stream.abort();
    } else {
      this.#pause.end();
    }
  }

  readonly #onOnline = (): void => this.#wake(true);

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiding);
    if (page()?.visibilityState === "visible") {
      if (this.#run) {
        this.#wake();
      } else {
        this.#start();
      }
    } else if (Number.isFinite(this.settings.pauseHiddenMs)) {
      this.#hiding = setTimeout(() => this.#stop(true), this.settings.pauseHiddenMs);
    }
  };

  #emit(): void {
    const old = this.#told;
    const state = this.#told = this.getState();
    if (state === old) {
      return;
    }

    for (const listener of [...this.#listeners, ...this.#observers]) {
      try {
        listener();
      } catch (thrown) {
        this.settings.onError(thrown);
      }
    }
  }
}

// There is neither outside of browsers.
const page = (): Document | undefined => typeof document === "undefined" ? undefined : document;
const network = (): Window | undefined => typeof window === "undefined" ? undefined : window;

const jitter = (): number => 0.5 + Math.random();

function saidIn(data: string): { version?: unknown; staleFor?: unknown } {
  try {
    return JSON.parse(data) as { version?: unknown; staleFor?: unknown } | null ?? {};
  } catch {
    return {}; // taken as no version
  }
}

function pauseAfter(error: ModulesError, failures: number): number {
  const longest = error.isFinal ? finalRetryMs : Math.min(lastRetryMs, firstRetryMs * 2 ** failures);
  return Math.max(longest * jitter(), (error.retryAfterMs ?? 0) + Math.random() * firstRetryMs);
}
