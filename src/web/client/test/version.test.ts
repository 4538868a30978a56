import { describe, expect, it } from "vitest";
import { isAtLeast, isComparable, isVersion, join, partOf } from "../src/version.js";

describe("versions", () => {
  it.each(["s1", "s1.o2", "s12.o5.w3", "s0.o0.w0", "e1.s12.o5.w3"])("takes %s", (text) => expect(isVersion(text)).toBe(true));
  it.each(["", "1", "s", "e1", "e.s1", "s1.e1", "s1.w3", "s1.o2.w3.x4", "s-1", "s1 ", 5, null, undefined])("refuses %s", (text) => expect(isVersion(text)).toBe(false));

  it("compares numbers, not texts, and every part", () => {
    expect(isAtLeast("s10.o1.w1", "s9.o1.w1")).toBe(true);
    expect(isAtLeast("s10.o1.w1", "s9.o2.w1")).toBe(false);
    expect(isAtLeast("s1.o1", "s1.o1")).toBe(true);
  });

  it("joins two that each have something newer", () => {
    expect(join("s5.o2.w1", "s4.o3.w1")).toBe("s5.o3.w1");
    expect(join("s5", "s4")).toBe("s5");
  });

  it("knows scopes of another kind", () => {
    expect(isComparable("s1.o1", "s1.o1.w1")).toBe(false);
    expect(isComparable("s1.o1", "s2.o9")).toBe(true);
    expect(partOf("s42.o1", 1)).toBe("s42");
    expect(partOf("e2.s42.o1.w1", 1)).toBe("e2.s42");
    expect(partOf("e2.s42.o7.w1", 2)).toBe("e2.s42.o7");
  });

  it("takes a later epoch as newer, whatever the revisions are", () => {
    expect(isAtLeast("e1.s1.o1.w1", "s9.o9.w9")).toBe(true);
    expect(isAtLeast("s9.o9.w9", "e1.s1.o1.w1")).toBe(false);
    expect(join("s9.o9.w9", "e1.s1.o1.w1")).toBe("e1.s1.o1.w1");
    expect(join("e1.s2.o1.w1", "e1.s1.o2.w1")).toBe("e1.s2.o2.w1");
    expect(isComparable("e1.s1.o1", "s1.o1")).toBe(true);
  });
});
