import { JSDOM } from "jsdom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import "../src/browser.js";
import { requests } from "../src/browser.js";
import { Server } from "../src/server.js";

// Only what React needs of a page: the rest of jsdom would hide what Node has, such as fetch.
const page = new JSDOM("<!doctype html><body></body>", { url: "http://localhost/", pretendToBeVisual: true });
Object.assign(globalThis, { window: page.window, document: page.window.document, navigator: page.window.navigator, IS_REACT_ACT_ENVIRONMENT: true });

let server: Server;

describe("react SDK", () => {
  beforeAll(async () => {
    server = await Server.start();
    await server.load();
  });

  afterAll(async () => {
    await server.stop();
  });

  it("renders a flag, and again after a push", async () => {
    const { createElement, Suspense } = await import("react");
    const { configure, render, screen, waitFor, cleanup } = await import("@testing-library/react");
    configure({ asyncUtilTimeout: 30_000 });
    const { OpenFeature, OpenFeatureProvider, useBooleanFlagValue, useNumberFlagValue } = await import("@openfeature/react-sdk");
    const { OFREPWebProvider } = await import("@openfeature/ofrep-web-provider");
    const Tab = () => createElement("p", { role: "status" }, `${useBooleanFlagValue("module-kb", false)} ${useNumberFlagValue("module-kb.config.limit", 0)}`);

    await OpenFeature.setContext({ targetingKey: "w1" });
    await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: server.url, headers: server.headers, cacheMode: "disabled" }));
    render(createElement(OpenFeatureProvider, null, createElement(Suspense, { fallback: null }, createElement(Tab))));
    expect((await screen.findByRole("status")).textContent).toBe("true 20");
    await waitFor(() => expect(requests.some((r) => r.status === 200)).toBe(true));

    await server.override("module-kb", { isEnabled: false, configOverrides: { limit: 5 } });

    await waitFor(() => expect(screen.getByRole("status").textContent).toBe("false 5"));
    cleanup();
    await OpenFeature.clearProviders();
  });
});
