import { type EventDetails, OpenFeature, ProviderEvents } from "@openfeature/web-sdk";

/** Collects events of the web SDK; `next` waits for one that fits, from the last one taken on. */
export class Events {
  private readonly seen: EventDetails[] = [];
  private taken = 0;
  private wake: () => void = () => undefined;
  private readonly handler = (details?: EventDetails): void => {
    this.seen.push(details ?? {} as EventDetails);
    this.wake();
  };

  constructor(private readonly event: ProviderEvents = ProviderEvents.ConfigurationChanged) {
    OpenFeature.addHandler(event, this.handler);
  }

  get count(): number {
    return this.seen.length;
  }

  async next(fits: (details: EventDetails) => boolean = () => true): Promise<EventDetails> {
    for (;;) {
      while (this.taken < this.seen.length) {
        const details = this.seen[this.taken++];
        if (details && fits(details)) {
          return details;
        }
      }

      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  dispose(): void {
    OpenFeature.removeHandler(this.event, this.handler);
  }
}
