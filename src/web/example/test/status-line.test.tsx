// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { ModulesError } from "@orleans-modules/client";
import { mockPlugin } from "@orleans-modules/react/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StatusLine } from "../src/host/StatusLine.js";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});
afterEach(cleanup);

describe("StatusLine", () => {
  it("reads out why the page is stale, but not each time that it grows older", () => {
    const plugin = mockPlugin({ status: "stale", ageMs: 10_000, error: new ModulesError("network", "The service cannot be reached.") });
    render(<StatusLine onSignIn={() => undefined} />, { wrapper: plugin.Provider });
    screen.getByText(/Shown as of 10 seconds ago/);
    expect(screen.getByRole("status").textContent).toBe("The service cannot be reached.");

    act(() => plugin.set({ ageMs: 15_000 }));
    screen.getByText(/Shown as of 15 seconds ago/);
    expect(screen.getByRole("status").textContent).toBe("The service cannot be reached.");
  });

  it("keeps the focus on its button when the service is back", () => {
    const plugin = mockPlugin({ status: "stale", ageMs: 10_000 });
    render(<StatusLine onSignIn={() => undefined} />, { wrapper: plugin.Provider });
    const button = screen.getByRole("button", { name: "Try now" });
    button.focus();

    act(() => plugin.set({ status: "ready", ageMs: 0 }));
    expect(screen.getByRole("status").textContent).toBe("Live");
    expect(document.activeElement).toBe(button);
  });

  it("offers to sign in where the token is no longer good", () => {
    const signIn = vi.fn();
    render(<StatusLine onSignIn={signIn} />, { wrapper: mockPlugin({ status: "stale", error: new ModulesError("unauthorized", "The token is not known.") }).Provider });
    screen.getByRole("button", { name: "Sign in again" }).click();
    expect(signIn).toHaveBeenCalledOnce();
  });
});
