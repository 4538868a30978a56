// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import { moduleOf } from "../../../client/test/fake-service.js";
import { fetchMetrics, type LoadMetrics, type OverviewMetrics, useOverviewMetrics } from "../../src/index.js";
import { fakeTime, pass, renderRed } from "../harness.js";
import { fakeEndpoints, Overview, serviceOf, withMetrics } from "./modules.js";

fakeTime();

describe("useOverviewMetrics (D16)", () => {
  it("has the metrics of available modules by the order of tabs, then as they declare them", async () => {
    const requests = fakeEndpoints();
    const modules = [withMetrics("ai", ["tokens"]), withMetrics("kb", ["pages", "documents"]), withMetrics("voice", ["calls"], { isAvailable: false }), moduleOf("mgmt"), withMetrics("chat", ["talks"])];
    const { text } = renderRed(<Overview />, { service: serviceOf(...modules) }); // its tabs: chat, kb
    expect(text()).toBe("wait");
    await pass();
    expect(text()).toBe("chat/talks loading null; kb/pages loading null; kb/documents loading null; ai/tokens loading null; wait");
    expect(requests.map(({ address }) => address)).toEqual(["/api/chat/acme?of=red", "/api/kb/acme?of=red", "/api/ai/acme?of=red"]);

    requests[1]!.answer({ documents: 12, pages: 0 });
    await pass();
    expect(text()).toBe("chat/talks loading null; kb/pages ready 0; kb/documents ready 12; ai/tokens loading null; wait");
    requests[0]!.answer({ talks: -1.5 });
    requests[2]!.answer({ tokens: 3 });
    await pass();
    expect(text()).toBe("chat/talks ready -1.5; kb/pages ready 0; kb/documents ready 12; ai/tokens ready 3; done");
  });

  it("says of each what a host shows", async () => {
    fakeEndpoints();
    const seen: OverviewMetrics[] = [];
    const Probe = () => {
      seen.push(useOverviewMetrics());
      return null;
    };
    renderRed(<Probe />, { service: serviceOf(moduleOf("kb", { displayName: "Docs", navConfig: { metrics: { items: [{ name: "documents", label: "Documents", unit: "docs", icon: "file" }] } } })) });
    expect(seen.at(-1)).toMatchObject({ metrics: [], isLoading: true });
    await pass();
    expect(seen.at(-1)).toMatchObject({
      metrics: [{ module: "kb", moduleLabel: "Docs", name: "documents", label: "Documents", unit: "docs", icon: "file", phase: "ready", value: null, error: null }], isLoading: false,
    });
  });

  it("asks as the page itself, and only of its own origin; says no token", async () => {
    const requests = fakeEndpoints();
    renderRed(<Overview />, { service: serviceOf(withMetrics("kb", ["documents"])), token: () => "secret" });
    await pass();
    const { signal, ...init } = requests[0]!.init;
    expect(init).toEqual({ headers: { Accept: "application/json" }, credentials: "same-origin", mode: "same-origin", cache: "no-cache" });
    expect(signal?.aborted).toBe(false);
  });

  it("asks nobody where a module names no endpoint, or one elsewhere: its metrics have no value", async () => {
    const requests = fakeEndpoints();
    const items = [{ name: "n", label: "N" }];
    const { text } = renderRed(<Overview />, { service: serviceOf(moduleOf("a", { navConfig: { metrics: { items } } }), moduleOf("b", { navConfig: { metrics: { items, endpoint: "//evil.example/" } } })) });
    await pass();
    expect(text()).toBe("a/n ready null; b/n ready null; done");
    expect(requests).toEqual([]);
  });

  it("passes by names that are not declared; a declared one that is missing or no number has no value", async () => {
    const requests = fakeEndpoints();
    const { text } = renderRed(<Overview />, { service: serviceOf(withMetrics("kb", ["a", "b", "c", "d", "constructor"])) });
    await pass();
    requests[0]!.respond(new Response('{"metrics": {"a": 1, "b": "2", "c": 1e999, "other": 4}}'));
    await pass();
    expect(text()).toBe("kb/a ready 1; kb/b ready null; kb/c ready null; kb/d ready null; kb/constructor ready null; done");
  });

  it.each([
    ["another status", new Response('{"metrics": {"documents": 12}}', { status: 503 }), "The module answered 503."],
    ["no JSON", new Response("<html>"), "JSON"],
    ["null", Response.json(null), "The answer has no metrics."],
    ["no metrics", Response.json({ documents: 12 }), "The answer has no metrics."],
    ["a list", Response.json({ metrics: [12] }), "The answer has no metrics."],
    ["nothing", new TypeError("Failed to fetch"), "Failed to fetch"],
  ])("says that a module failed which answers %s, and hides no other for it", async (_, response, message) => {
    const requests = fakeEndpoints();
    const { text } = renderRed(<Overview />, { service: serviceOf(withMetrics("kb", ["documents"]), withMetrics("ai", ["tokens"])) });
    await pass();
    requests[0]!.respond(response);
    requests[1]!.answer({ tokens: 3 });
    await pass();
    expect(text()).toMatch(/^kb\/documents error null .+; ai\/tokens ready 3; done$/);
    expect(text()).toContain(message);
  });

  it("leaves out modules that require more than the permissions, and does not ask them", async () => {
    const requests = fakeEndpoints();
    const service = serviceOf(withMetrics("kb", ["documents"], { requiredPermissions: ["kb:read", "kb,write"] }), withMetrics("ai", ["tokens"]));
    const { text, show } = renderRed(<Overview permissions={["kb:read"]} />, { service });
    await pass();
    expect(text()).toBe("ai/tokens loading null; wait");
    expect(requests.map(({ address }) => address)).toEqual(["/api/ai/acme?of=red"]);

    show(<Overview permissions={["kb,write", "kb:read"]} />);
    await pass();
    expect(text()).toBe("kb/documents loading null; ai/tokens loading null; wait");
    expect(requests.map(({ address }) => address)).toEqual(["/api/ai/acme?of=red", "/api/kb/acme?of=red"]);
  });

  it("takes values from the host where it says how: of each module, with the ids and a signal", async () => {
    const requests = fakeEndpoints();
    const load = vi.fn<LoadMetrics>((module, request) => module.name === "kb" ? Promise.resolve({ documents: 7 }) : fetchMetrics(module, request));
    const { text } = renderRed(<Overview load={load} />, { service: serviceOf(withMetrics("kb", ["documents"]), withMetrics("ai", ["tokens"])) });
    await pass();
    requests[0]!.answer({ tokens: 3 });
    await pass();
    expect(text()).toBe("kb/documents ready 7; ai/tokens ready 3; done");
    expect(requests.length).toBe(1);
    const [module, request] = load.mock.calls[0]!;
    expect(module.displayName).toBe("The kb");
    expect(request).toEqual({ workspaceId: "red", orgId: "acme", signal: expect.any(AbortSignal) as AbortSignal });
  });

  it("goes by tier and name, and knows no organization, where the client does not ask for the context", async () => {
    const load = vi.fn<LoadMetrics>(() => Promise.resolve({ n: 1 }));
    const { text } = renderRed(<Overview load={load} />, { service: serviceOf(withMetrics("kb", ["n"]), withMetrics("chat", ["n"])), context: false });
    await pass();
    expect(text()).toBe("kb/n ready 1; chat/n ready 1; done");
    expect(load.mock.calls.map(([, { signal, ...ids }]) => [ids, signal.aborted])).toEqual([[{ workspaceId: "red" }, false], [{ workspaceId: "red" }, false]]);
  });

  it.each([
    ["throws", () => { throw new Error("no session"); }, "no session"],
    ["rejects with a text", () => Promise.reject("no session" as unknown as Error), "no session"],
    ["answers nothing", () => Promise.resolve(undefined as unknown as Record<string, number>), "The answer has no metrics."],
  ])("says that a module failed whose load by the host %s", async (_, load, message) => {
    const { text } = renderRed(<Overview load={load} />, { service: serviceOf(withMetrics("kb", ["documents"])) });
    await pass();
    expect(text()).toBe(`kb/documents error null ${message}; done`);
  });
});
