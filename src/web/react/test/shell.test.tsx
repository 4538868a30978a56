// @vitest-environment jsdom
import { act, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { buildTabs, type LoadMetrics, ModuleGate, useModuleRegistry, useTabs, useWorkspacePlugin } from "../src/index.js";
import { mockPlugin } from "../src/testing.js";
import { fakeTime } from "./harness.js";
import { Overview } from "./metrics/modules.js";

fakeTime();

const tabs = [
  { id: "settings", label: "Settings", place: "last" },
  { id: "docs", label: "Docs", moduleName: "kb" },
  { id: "eval", label: "Evaluations", moduleName: "eval" },
  { id: "chat", label: "Chat", moduleName: "chat" },
  { id: "overview", label: "Overview", place: "first" },
] as const;
const ids = (available: string[], order?: string[]) => buildTabs(tabs, (name) => available.includes(name), order).map((tab) => tab.id);

describe("buildTabs (D12, D15)", () => {
  it("keeps the first and the last where they are, always shown", () => {
    expect(ids([])).toEqual(["overview", "settings"]);
    expect(ids(["chat"], ["settings", "chat", "overview"])).toEqual(["overview", "chat", "settings"]);
  });

  it("takes the order by id or module, and appends what it does not name", () => {
    expect(ids(["kb", "eval", "chat"], ["chat", "kb"])).toEqual(["overview", "chat", "docs", "eval", "settings"]);
    expect(ids(["kb", "eval", "chat"])).toEqual(["overview", "docs", "eval", "chat", "settings"]);
  });

  it("keeps the place of what is not available", () => {
    const order = ["chat", "eval", "docs"];
    expect(ids(["kb", "chat"], order)).toEqual(["overview", "chat", "docs", "settings"]);
    expect(ids(["kb", "eval", "chat"], order)).toEqual(["overview", "chat", "eval", "docs", "settings"]);
  });
});

describe("useTabs (D12)", () => {
  function Selected({ id }: { id: string }) {
    const { isLoading, select } = useTabs(tabs);
    return <>{select(id)?.label ?? "wait"}{isLoading ? "…" : ""}</>;
  }

  it("does not jump to the first tab while the wanted one may still come", () => {
    const plugin = mockPlugin({ status: "loading" });
    const { container } = render(<Selected id="docs" />, { wrapper: plugin.Provider });
    expect(container.textContent).toBe("wait…");
    act(() => plugin.set({ status: "ready", modules: { kb: true } }));
    expect(container.textContent).toBe("Docs");
    act(() => plugin.set({ modules: { kb: false } }));
    expect(container.textContent).toBe("Overview");
  });

  it("selects the first for an id that no tab ever has", () => {
    const { container } = render(<Selected id="nobody" />, { wrapper: mockPlugin({ status: "loading" }).Provider });
    expect(container.textContent).toBe("Overview…");
  });
});

describe("mockPlugin (D19)", () => {
  function Plugin() {
    const { moduleAvailability, refresh, status, ageMs, userRole, workspaceId } = useWorkspacePlugin();
    const { modules } = useModuleRegistry();
    return (
      <button onClick={() => void refresh()}>
        {`${workspaceId} ${userRole} ${status} ${ageMs} ${modules.length} ${JSON.stringify(moduleAvailability.getModuleConfig("kb")?.config)}`}
        <ModuleGate moduleName="kb"> open</ModuleGate>
      </button>
    );
  }

  it("says the organization and the order of tabs once something is known, as the service does", () => {
    const Shown = () => {
      const { orgId, workspace } = useWorkspacePlugin();
      return <>{orgId} {workspace?.name} {useTabs(tabs).tabs.map((tab) => tab.id).join()}</>;
    };
    const plugin = mockPlugin({ status: "loading", orgId: "acme", tabOrder: ["chat", "kb"], modules: { kb: true, chat: true } });
    const { container } = render(<Shown />, { wrapper: plugin.Provider });
    expect(container.textContent).toBe("  overview,settings");
    act(() => plugin.set({ status: "ready" }));
    expect(container.textContent).toBe("acme test-workspace overview,chat,docs,settings");
    act(() => plugin.set({ tabOrder: ["kb", "chat"] }));
    expect(container.textContent).toBe("acme test-workspace overview,docs,chat,settings");
  });

  it("stands for a service in tests of a plugin", () => {
    const plugin = mockPlugin({ workspaceId: "w", userRole: "ws_user", modules: { kb: { config: { limit: 5 } } } });
    render(<Plugin />, { wrapper: plugin.Provider });
    const button = screen.getByRole("button");
    expect(button.textContent).toBe('w ws_user ready 0 1 {"limit":5} open');
    act(() => plugin.set({ modules: { kb: false }, status: "stale", ageMs: 5_000 }));
    expect(button.textContent).toBe("w ws_user stale 5000 0 {}");
    act(() => button.click());
    expect(plugin.refreshes).toBe(1);
  });

  it("says the values of metrics (D16) in the place of endpoints and loads", () => {
    const metrics = { items: [{ name: "documents", label: "Documents" }, { name: "pages", label: "Pages" }] };
    const load = vi.fn<LoadMetrics>();
    const plugin = mockPlugin({ modules: { kb: { navConfig: { metrics } }, ai: { navConfig: { metrics } } }, metrics: { kb: { documents: 12 } } });
    const { container } = render(<Overview load={load} />, { wrapper: plugin.Provider });
    expect(container.textContent).toBe("kb/documents ready 12; kb/pages ready null; ai/documents loading null; ai/pages loading null; wait");
    act(() => plugin.set({ metrics: { ai: new Error("away") } }));
    expect(container.textContent).toBe("kb/documents ready 12; kb/pages ready null; ai/documents error null away; ai/pages error null away; done");
    act(() => plugin.set({ modules: { kb: false } }));
    expect(container.textContent).toBe("ai/documents error null away; ai/pages error null away; done");
    expect(load).not.toHaveBeenCalled();
  });
});
