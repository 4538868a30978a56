// A version is a vector of revisions: s12, s12.o5 or s12.o5.w3.
const form = /^s(\d{1,15})(?:\.o(\d{1,15})(?:\.w(\d{1,15}))?)?$/;

/** Whether a text is a version. */
export const isVersion = (text: unknown): text is string => typeof text === "string" && form.test(text);

/** Whether no revision of `a` is lower than that of `b`. Both must be versions of one scope. */
export function isAtLeast(a: string, b: string): boolean {
  const low = revisions(b);
  return revisions(a).every((revision, i) => revision >= low[i]!); // of one scope: as many revisions
}

/** The lowest version that is at least both, which must be versions of one scope. */
export function join(a: string, b: string): string {
  const other = revisions(b);
  return revisions(a).map((revision, i) => "sow".charAt(i) + String(Math.max(revision, other[i]!))).join("."); // of one scope, as above
}

/** Whether two versions are of scopes of one kind, so that they can be compared. */
export const isComparable = (a: string, b: string): boolean => revisions(a).length === revisions(b).length;

/** The revision of the system in a version. */
export const systemOf = (version: string): number => revisions(version)[0]!; // every version has one

const revisions = (version: string): number[] => version.match(/\d+/g)!.map(Number); // a version has at least one
