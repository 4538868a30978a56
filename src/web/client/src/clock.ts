/** A moment on two clocks. */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/** Now. */
export const now = (): Moment => ({ steady: performance.now(), wall: Date.now() });

/**
 * Milliseconds since a moment. The steady clock may stop while the machine sleeps, the wall clock may be set back:
 * the larger of both is never too little by either.
 */
export const since = (moment: Moment): number => Math.max(0, performance.now() - moment.steady, Date.now() - moment.wall);

/** A moment that lies `ms` back. */
export const ago = (ms: number): Moment => ({ steady: performance.now() - ms, wall: Date.now() - ms });
