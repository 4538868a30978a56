import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { canBrowse, chromiumPath } from "./chromium.js";
import { Service, token } from "./service.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = process.env["UPDATE_SCREENSHOTS"] ? path.resolve(import.meta.dirname, "../../../docs/web") : null;
const service = new Service();
const contexts: BrowserContext[] = [];
const faults: string[] = [];
let browser: Browser;

beforeAll(async () => {
  if (canBrowse) {
    if (chromiumPath === null) {
      throw new Error("No Chromium: install the package 'chromium', or set CHROMIUM to its path.");
    }

    browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    await service.start();
  }
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await Promise.all(["orgs/acme/modules/module-chat", "workspaces/acme-support/modules/module-chat", "workspaces/acme-support/modules/module-kb"].map((at) => service.call("DELETE", at)));
  expect(faults.splice(0)).toEqual([]);
});

afterAll(async () => {
  if (canBrowse) {
    await browser.close();
  }

  await service.dispose();
});

const signedIn = (page: Page): Promise<unknown> => page.addInitScript((secret) => sessionStorage.setItem("example-token", secret), token);

/** A browser of its own, as another person's, in a workspace. */
async function open(tab = "overview", setUp: (page: Page) => Promise<unknown> = signedIn): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 620 }, reducedMotion: "reduce" });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      faults.push(message.text());
    }
  });
  await setUp(page);
  await page.goto(`${service.url}/example/?workspace=acme-support&tab=${tab}`);
  return page;
}

const live = (page: Page) => page.getByText("Live", { exact: true }).waitFor();
const hasTabs = (page: Page, ...names: string[]) => page.waitForFunction((wanted) =>
  [...document.querySelectorAll("[role=tab]")].map((tab) => tab.textContent).join() === wanted, names.join());
const links = (page: Page) => page.getByRole("navigation", { name: "Organization" }).getByRole("link").allTextContents();
const shoot = async (page: Page, name: string) => {
  if (screenshots) {
    await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }
};

describe.skipIf(!canBrowse)("the example shell", () => {
  it("shows the tabs (D12) and entries (D13) of what is available, from one request a scope and one stream in all", async () => {
    const asked: string[] = [];
    const going = new Set<string>();
    const addressOf = (request: Request) => new URL(request.url()).pathname;
    const page = await open("overview", (p) => {
      p.on("request", (request) => {
        asked.push(addressOf(request));
        going.add(addressOf(request));
      });
      p.on("requestfailed", (request) => going.delete(addressOf(request)));
      p.on("requestfinished", (request) => going.delete(addressOf(request)));
      return signedIn(p);
    });
    await live(page);
    await hasTabs(page, "Overview", "Docs", "Chat", "Settings");
    await expect.poll(() => links(page)).toEqual(["Workspaces", "Docs", "Chat", "AI models", "Access", "Management", "Modules", "Usage"]);
    await expect.poll(() => asked.filter((at) => at.startsWith("/api/") && at !== "/api/platform/orgs/acme/events").sort()).toEqual([
      "/api/platform/orgs/acme/modules", "/api/platform/orgs/acme/navigation",
      "/api/platform/workspaces",
      "/api/platform/workspaces/acme-support/context", "/api/platform/workspaces/acme-support/events",
    ]);
    await expect.poll(() => [...going], { timeout: 15_000 }).toEqual(["/api/platform/workspaces/acme-support/events"]);
    await shoot(page, "overview");
  });

  it("changes in the other browser without a reload: tabs by the workspace, navigation by the organization", async () => {
    const [mine, other] = [await open("settings"), await open("docs")];
    await Promise.all([live(mine), live(other)]);
    await other.evaluate(() => Object.assign(window, { isSamePage: true }));

    await mine.getByRole("switch", { name: "Chat in the workspace" }).click();
    await Promise.all([mine, other].map((page) => hasTabs(page, "Overview", "Docs", "Settings")));
    await mine.getByText("Chat is now off in the workspace.").waitFor();
    expect(await links(other)).toContain("Chat");

    await mine.getByRole("switch", { name: "Chat in the workspace" }).click();
    await hasTabs(other, "Overview", "Docs", "Chat", "Settings");

    await mine.getByRole("switch", { name: "Chat in the organization" }).click();
    await hasTabs(other, "Overview", "Docs", "Settings");
    await Promise.all([mine, other].map((page) => expect.poll(() => links(page)).not.toContain("Chat")));
    expect(await other.evaluate(() => "isSamePage" in window)).toBe(true);
  });

  it("says why a change was refused", async () => {
    const page = await open("settings");
    await live(page);
    await page.getByRole("switch", { name: "Interviews in the workspace" }).click();
    await page.getByRole("alert").filter({ hasText: "module-voice" }).waitFor();
    expect(await page.getByRole("switch", { name: "Interviews in the workspace" }).getAttribute("aria-checked")).toBe("false");
    await shoot(page, "refused");
  });

  it("is used by keyboard alone", async () => {
    const page = await open("overview");
    await live(page);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate(() => `${document.activeElement?.getAttribute("role")} ${document.activeElement?.textContent}`);
    expect(await focused()).toBe("tab Overview");
    for (const [key, tab] of [["ArrowRight", "Docs"], ["End", "Settings"], ["ArrowRight", "Overview"], ["ArrowLeft", "Settings"], ["Home", "Overview"], ["End", "Settings"]] as const) {
      await page.keyboard.press(key);
      expect(await focused()).toBe(`tab ${tab}`);
      expect(await page.getByRole("tab", { selected: true }).textContent()).toBe(tab);
    }

    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("tabpanel");
    await page.getByRole("switch", { name: "Chat in the workspace" }).focus();
    await page.keyboard.press("Space");
    await page.getByText("Chat is now off in the workspace.").waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Chat in the workspace");
    await hasTabs(page, "Overview", "Docs", "Settings");
  });

  it("goes to the first tab, says so, and keeps focus where the tab that one is in goes away", async () => {
    const page = await open("chat");
    await live(page);
    await page.getByRole("textbox", { name: "Message" }).focus();
    await service.call("PUT", "workspaces/acme-support/modules/module-chat", { isEnabled: false });
    await page.getByRole("tab", { name: "Overview", selected: true }).waitFor();
    await page.getByRole("status").filter({ hasText: "chat is not available; Overview is shown." }).waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "Overview");

    await service.call("PUT", "workspaces/acme-support/modules/module-chat", { isEnabled: true });
    await page.getByRole("tab", { name: "Chat", selected: true }).waitFor();
  });

  it("gates a part of one plugin by another module", async () => {
    const page = await open("chat");
    await page.getByText("Answers from the workspace's documents.").waitFor();
    await service.call("PUT", "workspaces/acme-support/modules/module-kb", { isEnabled: false });
    await page.getByText("Answers from general knowledge.").waitFor();
  });

  it("draws the workspace as its settings say (D7), and follows them", async () => {
    const page = await open("overview");
    await live(page);
    await page.getByRole("heading", { level: 1, name: "Support" }).waitFor();
    await service.call("PUT", "workspaces/acme-support/settings", { navLabelSingular: "Project", tabOrder: ["module-chat", "module-kb"] });
    await hasTabs(page, "Overview", "Chat", "Docs", "Settings");
    await page.getByLabel("Project").waitFor();
    await service.call("PUT", "workspaces/acme-support/settings", {});
  });

  it.each(["overview", "docs", "chat", "settings"])("has nothing on %s that automated checks of accessibility object to", async (tab) => {
    const page = await open(tab);
    await live(page);
    await page.getByRole("tabpanel").getByRole("heading").first().waitFor();
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
      return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    });
    expect(violations).toEqual([]);
  });

  it("asks for a token where the service wants one, and sends it from then on", async () => {
    const sent: (string | undefined)[] = [];
    const page = await open("docs", (p) => p.route("**/api/**", async (route) => {
      const { authorization } = await route.request().allHeaders();
      sent.push(authorization);
      await (authorization === `Bearer ${token}`
        ? route.continue()
        : route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ code: "unauthenticated", status: 401, detail: "Who is it?" }) }));
    }));
    await page.getByLabel("Token of the service").fill(token);
    await page.keyboard.press("Enter");
    await live(page);
    await expect.poll(() => sent.filter((header) => header === `Bearer ${token}`).length).toBeGreaterThanOrEqual(3);
  });

  it("goes on with what it knows while the service is away, says how old that is, and comes back by itself", async () => {
    const page = await open("docs");
    await live(page);
    await service.stop();
    await page.getByText(/Shown as of \d+ seconds? ago/).waitFor();
    await hasTabs(page, "Overview", "Docs", "Chat", "Settings");
    await shoot(page, "stale");

    await service.start();
    await service.call("PUT", "workspaces/acme-support/modules/module-chat", { isEnabled: false });
    await live(page);
    await hasTabs(page, "Overview", "Docs", "Settings");
  });
});
