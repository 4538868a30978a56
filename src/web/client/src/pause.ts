/** A wait that can be cut short. */
export class Pause {
  #end: (() => void) | null = null;
  #isSkipped = false;

  /** Waits until the time is over, the wait is ended, or the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#isSkipped || signal.aborted) {
      this.#isSkipped = false;
      return Promise.resolve();
    }

    return new Promise((resolve) => {
      const end = this.#end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        this.#end = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
    });
  }

  /** Ends the wait that is on, if any. */
  end(): void {
    this.#end?.();
  }

  /** The next wait does not happen. */
  skipNext(): void {
    this.#isSkipped = true;
  }
}
