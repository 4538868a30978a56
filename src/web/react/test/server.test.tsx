// @vitest-environment jsdom
import type { ReactNode } from "react";
import { hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { act } from "@testing-library/react";
import { createModulesClient, type ModulesClientOptions } from "@orleans-modules/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeService, moduleOf } from "../../client/test/fake-service.js";
import { MemoryStorage } from "../../client/test/harness.js";
import { type LoadMetrics, ModuleAwareNavigation, ModuleConditional, ModuleGate, ModulesProvider, useOverviewMetrics, useTabs, useWorkspaceModuleConfig, useWorkspacePlugin, WorkspacePluginProvider } from "../src/index.js";
import { fakeTime, pass } from "./harness.js";

fakeTime();

let root: Root | null = null;
afterEach(() => act(() => root?.unmount()));

const tabs = [{ id: "docs", label: "Docs", moduleName: "kb" }] as const;

const load = vi.fn<LoadMetrics>();

// Everything that reads a map, each in its own way.
function Page(): ReactNode {
  const { status, workspace } = useWorkspacePlugin();
  return (
    <>
      <ModuleGate moduleName="kb" loading="wait">on</ModuleGate>
      {` ${status} ${workspace?.name} ${useTabs(tabs).tabs.length} ${useWorkspaceModuleConfig("red").modules.length} `}
      <ModuleConditional moduleName="kb">{({ phase, module }) => `${phase} ${module?.name}`}</ModuleConditional>
      {` ${useOverviewMetrics({ load }).metrics.map(({ phase, value }) => `${phase} ${value}`).join()}${useOverviewMetrics({ load }).isLoading ? " wait" : ""}`}
      <ModuleAwareNavigation orgId="acme" />
    </>
  );
}

function app(options: ModulesClientOptions): ReactNode {
  const client = createModulesClient(options);
  return <ModulesProvider client={client}><WorkspacePluginProvider workspaceId="red"><Page /></WorkspacePluginProvider></ModulesProvider>;
}

describe("a page that a server rendered", () => {
  it("is loading on the server, and is taken up without an error where the browser has a stored map", async () => {
    const service = new FakeService();
    service.modules = [moduleOf("kb", { navConfig: { metrics: { items: [{ name: "documents", label: "Documents" }] } } }), moduleOf("chat")];
    load.mockResolvedValue({ documents: 12 });
    const storage = new MemoryStorage();
    createModulesClient({ fetch: service.fetch, storage }).workspace("red").subscribe(() => undefined);
    await pass();
    const asked = service.asked.length;
    const html = renderToString(app({ fetch: service.fetch }));
    expect(service.asked.length).toBe(asked);
    expect(load).not.toHaveBeenCalled();

    const errors: unknown[] = [];
    const told = vi.spyOn(console, "error");
    const container = document.createElement("div");
    container.innerHTML = html;
    expect(container.textContent).toBe("wait loading undefined 0 0 loading undefined  wait");
    act(() => {
      root = hydrateRoot(container, app({ fetch: service.fetch, storage }), { onRecoverableError: (error) => errors.push(error) });
    });
    expect(container.textContent).toBe("on loading Red 1 2 available kb loading null wait");
    await pass();
    expect(container.textContent).toBe("on ready Red 1 2 available kb ready 12");
    expect(errors).toEqual([]);
    expect(told).not.toHaveBeenCalled();
  });
});
