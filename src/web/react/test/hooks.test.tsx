// @vitest-environment jsdom
import { act, render } from "@testing-library/react";
import { type ReactNode, useEffect } from "react";
import { describe, expect, it } from "vitest";
import { FakeService, json, moduleOf, problem } from "../../client/test/fake-service.js";
import { useModule, useModuleRegistry, useOrgModuleConfig, useWorkspaceModuleConfig, useWorkspacePlugin, type WorkspacePluginContextValue } from "../src/index.js";
import { mockPlugin } from "../src/testing.js";
import { pass, renderRed, fakeTime } from "./harness.js";

fakeTime();

function Probe<T>({ use, tell }: { use: () => T; tell: (value: T) => void }): ReactNode {
  const value = use();
  useEffect(() => {
    tell(value);
  });
  return null;
}

function probe<T>(use: () => T, service = new FakeService()) {
  const values: T[] = [];
  const view = renderRed(<Probe use={use} tell={(value) => values.push(value)} />, { service });
  return { ...view, values, last: () => values.at(-1)! };
}

describe("useWorkspacePlugin (D1, D2, D6)", () => {
  it("has the whole context, with the availability of modules (D3)", async () => {
    const { last, service } = probe(useWorkspacePlugin);
    expect(last()).toMatchObject({
      workspaceId: "red", loading: true, error: null, status: "loading",
      navigation: { labelSingular: "Workspace", labelPlural: "Workspaces", icon: "folder" },
      features: { favoritesEnabled: false, tagsEnabled: false, colorCodingEnabled: false },
    });
    expect(last().userRole).toBeUndefined();
    expect(last().moduleAvailability.isModuleAvailable("kb")).toBe(false);
    service.modules = [moduleOf("kb", { config: { limit: 5 } }), moduleOf("chat", { isAvailable: false })];
    await pass();
    const value: WorkspacePluginContextValue = last();
    expect(value).toMatchObject({
      loading: false, status: "ready", ageMs: 0,
      workspaceId: "red", orgId: "acme", workspace: { id: "red", name: "Red", color: "#f00" }, userRole: "ws_admin", tabOrder: ["chat", "kb"],
      navigation: { labelSingular: "Project", labelPlural: "Projects", icon: "folder" },
      features: { favoritesEnabled: true, tagsEnabled: false, colorCodingEnabled: false },
    });
    expect(value.moduleAvailability.enabledModules).toEqual(["kb"]);
    expect(value.moduleAvailability.isModuleAvailable("chat")).toBe(false);
    expect(value.moduleAvailability.getModuleConfig("kb")?.config).toEqual({ limit: 5 });
    expect(value.moduleAvailability.getModuleConfig("nobody")).toBeNull();
  });

  it("takes what the host says in the provider's props instead of what the service says (D5, D7)", async () => {
    const { Provider } = mockPlugin({ userRole: "ws_user", workspace: { id: "w", name: "Mine" }, features: { favoritesEnabled: false, tagsEnabled: true, colorCodingEnabled: true } });
    const values: WorkspacePluginContextValue[] = [];
    render(<Probe use={useWorkspacePlugin} tell={(value) => values.push(value)} />, { wrapper: Provider });
    await pass();
    expect(values.at(-1)).toMatchObject({ userRole: "ws_user", workspace: { name: "Mine" }, features: { tagsEnabled: true } });
  });

  it("refreshes (D2), and is the same object until something changes", async () => {
    const { last, service, values } = probe(useWorkspacePlugin);
    await pass();
    const before = last();
    const { length } = values;
    await act(() => last().refresh());
    expect(values.length).toBe(length);
    service.version = "s1.o1.w2";
    await act(() => last().refresh());
    expect(last()).not.toBe(before);
  });

  it("keeps the function that refreshes: an effect that names it does not ask without end", async () => {
    const service = new FakeService();
    service.instead = () => new Promise((_, reject) => setTimeout(() => reject(new TypeError("fetch failed")), 10));
    const Eager = () => {
      const { refresh } = useWorkspacePlugin();
      useEffect(() => void refresh(), [refresh]);
      return null;
    };
    renderRed(<Eager />, { service });
    await pass(900);
    expect(service.maps.length).toBe(1);
  });

  it("tells that it is stale, and how old it is", async () => {
    const { last, service } = probe(useWorkspacePlugin);
    await pass();
    service.goAway();
    await pass(120_000);
    expect(last()).toMatchObject({ status: "stale", loading: false, error: { kind: "network" } });
    expect(last().ageMs).toBeGreaterThan(100_000);
    expect(last().moduleAvailability.enabledModules).toEqual(["kb", "chat"]);
  });

  it("says which provider is missing", () => {
    expect(() => render(<Probe use={useWorkspacePlugin} tell={() => undefined} />)).toThrow("no <WorkspacePluginProvider> above");
  });
});

describe("useModule", () => {
  it("says why the phase is error also when the reason changes", async () => {
    const service = new FakeService();
    service.goAway();
    const { last, values } = probe(() => useModule("kb"), service);
    await pass();
    expect(last()).toMatchObject({ phase: "error", error: { kind: "network" } });
    service.instead = () => problem(401, "token-expired");
    await pass(10_000);
    expect(last()).toMatchObject({ phase: "error", error: { kind: "unauthorized" } });
    service.comeBack();
    await pass(60_000);
    expect(last()).toMatchObject({ phase: "available", error: null });
    const { length } = values;
    service.goAway();
    await pass(60_000);
    expect(values.length).toBe(length);
  });
});

describe("lists of modules", () => {
  it("of a workspace (D9) and its organization are all modules, available or not", async () => {
    const { last, service } = probe(() => [useWorkspaceModuleConfig("blue"), useOrgModuleConfig("acme")] as const);
    expect(last().map((list) => [list.isLoading, list.modules.length])).toEqual([[true, 0], [true, 0]]);
    service.instead = ({ path }) => path.includes("/orgs/") && path.endsWith("/modules") ? json(200, { version: "s1.o1", modules: [moduleOf("kb", { isAvailable: false })] }) : null;
    await pass();
    expect(last().map((list) => [list.isLoading, list.status, list.modules.map((m) => m.name)])).toEqual([
      [false, "ready", ["kb", "chat"]], [false, "ready", ["kb"]],
    ]);
  });

  it("are asked for only when told with autoFetch off (D8, D9)", async () => {
    const { last, service } = probe(() => useWorkspaceModuleConfig("blue", { autoFetch: false }));
    await pass(60_000);
    expect(service.asked.length).toBe(0);
    expect(last().isLoading).toBe(false);
    await act(() => last().refreshModules());
    expect(last().modules.length).toBe(2);
    expect(service.streams.length).toBe(0);
  });

  it("of the registry (D8) leave out what the system has off, unless asked for", async () => {
    const service = new FakeService();
    service.instead = ({ path }) => path === "/api/platform/modules" ? json(200, { version: "s1", modules: [moduleOf("kb"), moduleOf("voice", { isEnabled: false })] }) : null;
    const { last } = probe(() => [useModuleRegistry(), useModuleRegistry({ includeDisabled: true })] as const, service);
    await pass();
    expect(last().map((list) => list.modules.map((m) => m.name))).toEqual([["kb"], ["kb", "voice"]]);
    expect(service.maps.length).toBe(1);
  });

  it("say why they are empty", async () => {
    const service = new FakeService();
    service.goAway();
    const { last } = probe(() => useOrgModuleConfig("acme"), service);
    await pass();
    expect(last()).toMatchObject({ modules: [], isLoading: false, status: "error", error: { kind: "network" } });
  });
});
