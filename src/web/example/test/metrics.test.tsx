// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { mockPlugin } from "@orleans-modules/react/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Metrics } from "../src/host/Metrics.js";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});
afterEach(cleanup);

const kb = {
  displayName: "Knowledge base", requiredPermissions: ["kb:read"],
  navConfig: { metrics: { items: [{ name: "documents", label: "Documents", unit: "docs" }, { name: "pages", label: "Pages" }] } },
};
const shown = () => screen.queryAllByRole("definition").map((definition) => definition.textContent);

describe("Metrics (D16)", () => {
  it("says in words what is loading, has no value, or failed", () => {
    const plugin = mockPlugin({ modules: { "module-kb": kb } });
    render(<Metrics />, { wrapper: plugin.Provider });
    expect(screen.getAllByRole("term").map((term) => term.textContent)).toEqual(["Documents Knowledge base", "Pages Knowledge base"]);
    expect(shown()).toEqual(["Loading…", "Loading…"]);

    act(() => plugin.set({ metrics: { "module-kb": { documents: 1_234 } } }));
    expect(shown()).toEqual(["1,234 docs", "No value"]);

    act(() => plugin.set({ metrics: { "module-kb": new Error("The module answered 503.") } }));
    expect(shown()).toEqual(["Not known: The module answered 503.", "Not known: The module answered 503."]);
  });

  it("shows nothing of what the person may not see", () => {
    render(<Metrics />, { wrapper: mockPlugin({ modules: { "module-kb": { ...kb, requiredPermissions: ["kb:own"] } } }).Provider });
    expect(shown()).toEqual([]);
  });
});
