// @vitest-environment jsdom
import { act, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeService, json, moduleOf } from "../../client/test/fake-service.js";
import { buildTabs, ModuleAwareNavigation, ModuleGate, navigationOf, useModuleRegistry, useTabs, useWorkspacePlugin } from "../src/index.js";
import { mockPlugin } from "../src/testing.js";
import { pass, renderRed, fakeTime } from "./harness.js";

fakeTime();

const tabs = [
  { id: "settings", label: "Settings", place: "last" },
  { id: "docs", label: "Docs", moduleName: "kb" },
  { id: "eval", label: "Evaluations", moduleName: "eval" },
  { id: "chat", label: "Chat", moduleName: "chat" },
  { id: "overview", label: "Overview", place: "first" },
] as const;
const ids = (available: string[], order?: string[]) => buildTabs(tabs, (name) => available.includes(name), order).map((tab) => tab.id);

describe("buildTabs", () => {
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

describe("useTabs", () => {
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

describe("ModuleAwareNavigation", () => {
  const modules = [
    moduleOf("kb", { navConfig: { route: "/docs", label: "Docs", order: 20, icon: "book" } }),
    moduleOf("ws", { navConfig: { route: "/workspaces", order: 10, children: [{ route: "/workspaces/new", label: "New" }, { label: "broken" }] } }),
    moduleOf("admin", { navConfig: { route: "/admin", label: "Admin", adminOnly: true } }),
    moduleOf("plain"),
  ];

  it("makes entries of what modules ask for, in their order, those for admins for admins only", () => {
    expect(navigationOf(modules)).toEqual([
      { id: "ws", label: "ws", href: "/workspaces", moduleName: "ws", children: [{ id: "ws.0", label: "New", href: "/workspaces/new" }] },
      { id: "kb", label: "Docs", href: "/docs", icon: "book", moduleName: "kb" },
    ]);
    expect(navigationOf(modules, { isAdmin: true }).map((item) => item.id)).toEqual(["ws", "kb", "admin"]);
  });

  it("leaves out what requires more than the user may", () => {
    const secret = moduleOf("secret", { navConfig: { route: "/secret" }, requiredPermissions: ["secret:read"] });
    expect(navigationOf([secret]).length).toBe(1);
    expect(navigationOf([secret], { permissions: ["secret:read"] }).length).toBe(1);
    expect(navigationOf([secret], { permissions: [] }).length).toBe(0);
  });

  it("follows the organization and not the workspace, and says where one is", async () => {
    const service = new FakeService();
    let org = { version: "s1.o1", modules };
    service.instead = ({ path }) => /\/orgs\/acme\/modules/.test(path) ? json(200, org) : null;
    const { client } = renderRed(<ModuleAwareNavigation orgId="acme" current="/docs" label="Platform" />, { service });
    const nav = screen.getByRole("navigation", { name: "Platform" });
    expect(nav.getAttribute("aria-busy")).toBe("true");
    await pass();
    const links = () => screen.getAllByRole("link").map((a) => a.textContent);
    expect(links()).toEqual(["ws", "New", "Docs"]);
    expect(screen.getByRole("link", { current: "page" }).textContent).toBe("Docs");
    expect(nav.getAttribute("aria-busy")).toBe("false");

    service.change("s1.o1.w2", []);
    await pass();
    expect(links()).toEqual(["ws", "New", "Docs"]);

    org = { version: "s1.o2", modules: [modules[0]!, { ...modules[1]!, isAvailable: false }] };
    await act(() => client.org("acme").refresh());
    expect(links()).toEqual(["Docs"]);
  });

  it("takes the host's own entries and links", () => {
    const items = [{ id: "home", label: "Home", href: "/" }, { id: "chat", label: "Chat", href: "/chat", moduleName: "chat" }];
    const plugin = mockPlugin({ modules: { chat: false } });
    render(<ModuleAwareNavigation orgId="acme" items={items} current="/" renderLink={(item, isCurrent) => <b>{item.label}{isCurrent && "!"}</b>} />, { wrapper: plugin.Provider });
    expect(screen.getByRole("navigation").textContent).toBe("Home!");
    act(() => plugin.set({ modules: { chat: true } }));
    expect(screen.getByRole("navigation").textContent).toBe("Home!Chat");
  });
});

describe("mockPlugin", () => {
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
});
