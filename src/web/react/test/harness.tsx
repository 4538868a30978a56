import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import type { ReactNode } from "react";
import { createModulesClient, type ModulesClientOptions } from "@orleans-modules/client";
import { FakeService } from "../../client/test/fake-service.js";
import { ModulesProvider, WorkspacePluginProvider } from "../src/index.js";

/** Time stands still but for `pass`; waits have no jitter; what was rendered is removed. */
export function fakeTime(): void {
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    vi.spyOn(Math, "random").mockReturnValue(0.5);
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });
}

/** Lets time pass, and React render what came of it. */
export const pass = (ms = 0): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(ms));

/** Renders in the workspace "red" of a fake service; `show` renders something else in its place. */
export function renderRed(children: ReactNode, { service = new FakeService(), ...options }: ModulesClientOptions & { service?: FakeService } = {}) {
  const client = createModulesClient({ fetch: service.fetch, ...options });
  const inRed = (some: ReactNode) => (
    <ModulesProvider client={client}>
      <WorkspacePluginProvider workspaceId="red">{some}</WorkspacePluginProvider>
    </ModulesProvider>
  );
  const view = render(inRed(children));
  return { client, service, text: () => view.container.textContent, show: (other: ReactNode) => view.rerender(inRed(other)), ...view };
}
