// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { mockPlugin } from "@orleans-modules/react/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import Docs from "../src/plugins/kb/Docs.js";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});
afterEach(cleanup);

describe("Docs", () => {
  it("offers search by meaning only where the flag is on", () => {
    const plugin = mockPlugin({
      workspace: { id: "w", name: "Support" },
      modules: { "module-kb": { config: { maxDocuments: 5 }, featureFlags: { semanticSearch: true } } },
    });
    render(<Docs />, { wrapper: plugin.Provider });
    screen.getByRole("heading", { name: "Docs of Support" });
    screen.getByLabelText("Search by meaning");

    act(() => plugin.set({ modules: { "module-kb": { config: { maxDocuments: 5 }, featureFlags: {} } } }));
    expect(screen.queryByLabelText("Search by meaning")).toBeNull();
  });

  it.each(["loading", "error", "stale"] as const)("renders while the context is %s", (status) => {
    render(<Docs />, { wrapper: mockPlugin({ status }).Provider });
    screen.getByRole("heading");
  });
});
