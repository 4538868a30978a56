// A version is a vector of revisions: s12, s12.o5 or s12.o5.w3. After the service's record was restored from a backup its epoch stands
// before it, e1.s12.o5.w3: a later epoch is newer, whatever the revisions are.
const form = /^(?:e(\d{1,15})\.)?s(\d{1,15})(?:\.o(\d{1,15})(?:\.w(\d{1,15}))?)?$/;

/** Whether a text is a version. */
export const isVersion = (text: unknown): text is string => typeof text === "string" && form.test(text);

/** Whether `a` has everything that `b` has. Both must be versions of one scope. */
export function isAtLeast(a: string, b: string): boolean {
  const [high, low] = [read(a), read(b)];
  return high.epoch === low.epoch ? high.revisions.every((revision, i) => revision >= low.revisions[i]!) : high.epoch > low.epoch; // one scope: one length
}

/** The lowest version that is at least both, which must be versions of one scope. */
export function join(a: string, b: string): string {
  const [one, other] = [read(a), read(b)];
  return one.epoch === other.epoch
    ? write(one.epoch, one.revisions.map((revision, i) => Math.max(revision, other.revisions[i]!))) // one length, as above
    : one.epoch > other.epoch ? a : b;
}

/** Whether two versions are of scopes of one kind, so that they can be compared. */
export const isComparable = (a: string, b: string): boolean => read(a).revisions.length === read(b).revisions.length;

/** The version of a scope above in the version of one below: of the system with length 1, of the organization with 2. */
export function partOf(version: string, length: number): string {
  const { epoch, revisions } = read(version);
  return write(epoch, revisions.slice(0, length));
}

function read(version: string): { epoch: number; revisions: number[] } {
  const [, epoch = "0", ...revisions] = form.exec(version)!; // every version matches
  return { epoch: Number(epoch), revisions: revisions.filter(Boolean).map(Number) };
}

const write = (epoch: number, revisions: readonly number[]): string =>
  [...(epoch > 0 ? [`e${epoch}`] : []), ...revisions.map((revision, i) => `${"sow".charAt(i)}${revision}`)].join(".");
