import { ago, type Moment, now, since } from "./clock.js";
import { ModulesError, toError } from "./errors.js";
import { readJson, send } from "./http.js";
import type { Settings } from "./options.js";
import { store } from "./snapshots.js";
import { toMap, type WatchState } from "./state.js";
import type { AnyModule, ModuleMap } from "./types.js";
import { isAtLeast, isComparable, isVersion, join } from "./version.js";

const saveEveryMs = 60_000;

/** Milliseconds of what the service says in whole seconds: how long its store has not confirmed what it answers. 0 where it says nothing. */
export const staleMsOf = (seconds: unknown): number => Math.max(0, Number(seconds) || 0) * 1_000;

/** The copy of one map: what it says, since when, and how to bring it up to date. Its version never goes backwards. */
export class MapCopy<M extends AnyModule> {
  #map: ModuleMap<M> | null = null;
  #confirmed: Moment | null = null;
  #error: ModulesError | null = null;
  #began = now();

  // The entity tag that the map came with: more than its version where the answer depends on who asks.
  #tag: string | null = null;

  // Whether the map, or one before it, came from the service and not from storage: only then its version binds.
  #isLive = false;

  // The version that the service told of, while the map is behind it.
  #target: string | null = null;
  #pulling: Promise<boolean> | null = null;
  #saved: Moment | null = null;

  // Counts how often everything was let go: an answer that was asked for before is not for now.
  #life = 0;

  constructor(
    private readonly settings: Settings,
    private readonly path: string,
    private readonly changed: () => void,
  ) {
    const stored = store(settings, (storage) => storage.get(this.#key));
    if (stored instanceof Promise) {
      void stored.then((text) => {
        this.#restore(text);
        changed();
      }, () => undefined); // a failure was told of already
    } else {
      this.#restore(stored ?? null);
    }
  }

  get map(): ModuleMap<M> | null {
    return this.#map;
  }

  /** Whether the map has what the service told of. */
  get isReached(): boolean {
    return this.#map !== null && (this.#target === null || isAtLeast(this.#map.version, this.#target));
  }

  get isFresh(): boolean {
    return this.#confirmed !== null && since(this.#confirmed) <= this.#freshMs;
  }

  /** Begins a new period of grace: the map, however old, is about to be confirmed. */
  expectAnswer(): void {
    this.#began = now();
  }

  state(): WatchState<M> {
    const { graceMs } = this.settings;
    const map = this.#map;
    const error = this.#error;
    if (map === null) {
      return { status: error ? "error" : "loading", map, ageMs: 0, error };
    }

    const ageMs = this.#ageMs;
    if (this.#isLive && ageMs <= (error ? graceMs : this.#freshMs)) {
      return { status: "ready", map, ageMs: 0, error: null };
    }

    return { status: !error && since(this.#began) <= graceMs ? "loading" : "stale", map, ageMs, error };
  }

  /** The service told of a version, as it knew it `staleMs` ago; true where that is here already, which confirms the map. */
  tell(version: unknown, staleMs = 0): boolean {
    const map = this.#map;
    if (!isVersion(version) || (map && !isComparable(version, map.version))) {
      this.settings.onError(new ModulesError("bad-answer", "The stream told of something that is no version."));
      return false;
    }

    this.#target = join(version, this.#target ?? map?.version ?? version);
    if (this.isReached) {
      this.confirm(staleMs);
    }

    return this.isReached;
  }

  /** The service said, by whatever it sent, that the map is current, or that it was `staleMs` ago. */
  confirm(staleMs = 0): void {
    if (this.#map === null) {
      return; // dropped meanwhile
    }

    this.#confirmed = ago(staleMs);
    this.#error = staleMs === 0 ? null : this.#error?.kind === "stale" ? this.#error : new ModulesError("stale", "The service does not know whether this is current.");
    this.#isLive = true;
    if (!this.#saved || since(this.#saved) > saveEveryMs) {
      this.#save(this.#map);
    }

    this.changed();
  }

  /** Nothing can be learned now. */
  fail(error: ModulesError): void {
    this.settings.onError(error);
    if (error.isFinal) {
      this.drop();
    }

    this.#error = error;
    this.changed();
  }

  /** Lets go of all that is known. */
  drop(): void {
    this.#life++;
    this.#pulling = null;
    this.#map = null;
    this.#confirmed = null;
    this.#target = null;
    this.#error = null;
    this.#isLive = false;
    void store(this.settings, (storage) => storage.remove(this.#key));
    this.changed();
  }

  /** Asks for the map; callers at the same time share one request. False where all was let go meanwhile: whatever came of it is not for now. */
  pull(): Promise<boolean> {
    const life = this.#life;
    return this.#pulling ??= this.#get(life).finally(() => {
      if (this.#life === life) {
        this.#pulling = null;
      }
    });
  }

  // Maps of two services are not the same.
  get #key(): string {
    return (this.settings.baseUrl ?? "") + this.path;
  }

  get #ageMs(): number {
    return this.#confirmed ? since(this.#confirmed) : 0;
  }

  get #freshMs(): number {
    return this.settings.silenceMs + 2 * this.settings.pollMs;
  }

  async #get(life: number): Promise<boolean> {
    const map = this.#map;
    const target = this.isReached ? null : this.#target;
    const headers: Record<string, string> = map && this.#tag ? { "If-None-Match": this.#tag } : {};
    let staleMs = 0;
    try {
      let tag = this.#tag;
      const answer = await send(this.settings, this.path + (target ? `${this.path.includes("?") ? "&" : "?"}atLeast=${target}` : ""), { headers }, (response) => {
        tag = response.headers.get("etag");
        staleMs = staleMsOf(response.headers.get("modules-stale-for"));
        return response.status === 304 ? null : readJson(response);
      });
      if (this.#life !== life) {
        return false;
      }

      if (answer !== null) {
        this.#take(toMap(answer, map), tag);
      } else if (map === null) {
        throw new ModulesError("bad-answer", "The service answered 304 to what was not asked.");
      }
    } catch (thrown) {
      if (this.#life !== life) {
        return false;
      }

      if (toError(thrown).problem?.code === "version-not-reached") {
        // Perhaps nobody ever reaches it, where the stream was garbage: the next answer counts as it is.
        this.#target = null;
      }

      throw thrown;
    }

    this.confirm(staleMs);
    return true;
  }

  #take(next: ModuleMap<M>, tag: string | null): void {
    const map = this.#isLive ? this.#map : null;
    if (map && !(isComparable(next.version, map.version) && isAtLeast(next.version, map.version))) {
      this.#target = isComparable(next.version, map.version) ? join(next.version, map.version) : map.version;
      throw new ModulesError("bad-answer", `The service answered ${next.version}, which is behind ${map.version}.`);
    }

    if (next.version !== this.#map?.version || tag !== this.#tag) {
      this.#map = next;
      this.#tag = tag;
      this.#saved = null;
    }
  }

  #save({ version, modules, context, items }: ModuleMap<M>): void {
    this.#saved = now();
    void store(this.settings, (storage) => storage.set(this.#key, JSON.stringify({ atMs: Date.now() - this.#ageMs, tag: this.#tag, version, modules, context, items })));
  }

  #restore(text: string | null): void {
    if (text === null || this.#map || this.#life > 0) {
      return;
    }

    try {
      const stored = JSON.parse(text) as { atMs: number; tag: string | null };
      const ageMs = Math.max(0, Date.now() - stored.atMs);
      if (ageMs <= this.settings.maxStoredAgeMs) {
        this.#map = toMap<M>(stored, null);
        this.#tag = stored.tag;
        this.#confirmed = ago(ageMs);
      }
    } catch (thrown) {
      this.settings.onError(thrown);
    }
  }
}
