// @vitest-environment jsdom
import { act, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { NavigationEntry } from "@orleans-modules/client";
import { FakeService, json, moduleOf } from "../../client/test/fake-service.js";
import { ModuleAwareNavigation, useOrgNavigation } from "../src/index.js";
import { mockPlugin } from "../src/testing.js";
import { fakeTime, pass, renderRed } from "./harness.js";

fakeTime();

const entries: NavigationEntry[] = [
  { module: "ws", label: "Workspaces", route: "/workspaces", order: 10, children: [{ route: "/workspaces/new", label: "New" }, { label: "leads nowhere" }] },
  { module: "kb", label: "Docs", route: "/docs", icon: "book", order: 20 },
];

const links = () => screen.queryAllByRole("link").map((a) => a.textContent);

/** A service whose organization acme has navigation. */
function serviceWith(items: NavigationEntry[]) {
  const service = new FakeService();
  const org = { version: "s1.o1", items };
  service.instead = ({ path }) => path.includes("/orgs/acme/navigation") ? json(200, { orgId: "acme", ...org })
    : path.includes("/orgs/acme/modules") ? json(200, { version: org.version, modules: service.modules }) : null;
  return { service, org };
}

describe("ModuleAwareNavigation (D13)", () => {
  it("shows what the service answers for the organization, and says where one is", async () => {
    const { service, org } = serviceWith(entries);
    const { client } = renderRed(<ModuleAwareNavigation orgId="acme" current="/docs" label="Platform" />, { service });
    const nav = screen.getByRole("navigation", { name: "Platform" });
    expect(nav.getAttribute("aria-busy")).toBe("true");
    await pass();
    expect(links()).toEqual(["Workspaces", "New", "Docs"]);
    expect(screen.getByRole("link", { current: "page" }).textContent).toBe("Docs");
    expect(nav.getAttribute("aria-busy")).toBe("false");

    Object.assign(org, { version: "s1.o2", items: [entries[1]!] });
    await act(() => client.navigation("acme").refresh());
    expect(links()).toEqual(["Docs"]);
  });

  it("does not change with a workspace", async () => {
    const { service } = serviceWith(entries);
    renderRed(<ModuleAwareNavigation orgId="acme" />, { service });
    await pass();
    service.change("s1.o1.w2", []);
    await pass();
    expect(links()).toEqual(["Workspaces", "New", "Docs"]);
    expect(service.asked.filter((a) => a.path.includes("/navigation")).length).toBe(1);
  });

  it("tells the service for whom: it leaves out what is for administrators or needs more permissions", async () => {
    const { service } = serviceWith(entries);
    const Both = () => (
      <>
        <ModuleAwareNavigation orgId="acme" isAdmin permissions={["kb:read"]} />
        <ModuleAwareNavigation orgId="acme" isAdmin permissions={["kb:read"]} label="Again" />
      </>
    );
    const { rerender } = renderRed(<Both />, { service });
    await pass();
    rerender(<p>gone</p>);
    expect(service.asked.map((a) => a.path).filter((path) => path.includes("/navigation"))).toEqual(["/api/platform/orgs/acme/navigation?admin=true&permissions=kb%3Aread"]);
  });

  it("takes the host's own entries and links, and asks for no others", async () => {
    const { service, org } = serviceWith(entries);
    service.modules = [moduleOf("chat", { isAvailable: false }), moduleOf("kb")];
    const items = [
      { id: "home", label: "Home", href: "/", children: [{ id: "talk", label: "Talk", href: "/talk", moduleName: "chat" }, { id: "read", label: "Read", href: "/read", moduleName: "kb" }] },
      { id: "chat", label: "Chat", href: "/chat", moduleName: "chat" },
      { id: "help", label: "Help", href: "/help", children: [{ id: "ask", label: "Ask", href: "/ask", moduleName: "chat" }] },
    ];
    const { client } = renderRed(<ModuleAwareNavigation orgId="acme" items={items} current="/" renderLink={(item, isCurrent) => <b>{item.label}{isCurrent && "!"}</b>} />, { service });
    expect(screen.queryAllByRole("list").length).toBe(1);
    await pass();
    expect(screen.getByRole("navigation").textContent).toBe("Home!ReadHelp");
    expect(screen.getAllByRole("list").map((list) => list.children.length)).toEqual([2, 1]);
    service.modules = [moduleOf("chat"), moduleOf("kb")];
    org.version = "s1.o2";
    await act(() => client.org("acme").refresh());
    expect(screen.getByRole("navigation").textContent).toBe("Home!TalkReadChatHelpAsk");
    expect(service.asked.filter((a) => a.path.includes("/navigation"))).toEqual([]);
  });
});

describe("useOrgNavigation (D13)", () => {
  function Own({ orgId }: { readonly orgId: string }) {
    const { items, isLoading, error, status, ageMs, refreshNavigation } = useOrgNavigation(orgId);
    return <button onClick={() => void refreshNavigation()}>{JSON.stringify({ items, isLoading, status, ageMs, error: error?.kind })}</button>;
  }

  const said = () => JSON.parse(screen.getByRole("button").textContent) as unknown;

  it("is entries with an id and an address, and how sure they are", async () => {
    const { service, org } = serviceWith(entries);
    renderRed(<Own orgId="acme" />, { service });
    expect(said()).toMatchObject({ items: [], isLoading: true, status: "loading" });
    await pass();
    expect(said()).toEqual({
      items: [
        { id: "ws", label: "Workspaces", href: "/workspaces", moduleName: "ws", children: [{ id: "ws.0", label: "New", href: "/workspaces/new" }] },
        { id: "kb", label: "Docs", href: "/docs", icon: "book", moduleName: "kb" },
      ],
      isLoading: false, status: "ready", ageMs: 0,
    });
    Object.assign(org, { version: "s1.o2", items: [] });
    screen.getByRole("button").click();
    await pass();
    expect(said()).toMatchObject({ items: [] });
    service.goAway();
    await pass(60_000);
    expect(said()).toMatchObject({ status: "stale", error: "network" });
  });

  it("can be mocked", () => {
    const plugin = mockPlugin({ entries });
    render(<ModuleAwareNavigation orgId="any" />, { wrapper: plugin.Provider });
    expect(links()).toEqual(["Workspaces", "New", "Docs"]);
    act(() => plugin.set({ entries: [] }));
    expect(links()).toEqual([]);
    expect(screen.queryByRole("list")).toBeNull();
  });
});
