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

const signedInWith = (secret: string) => (page: Page): Promise<unknown> => page.addInitScript((given) => sessionStorage.setItem("example-token", given), secret);
const signedIn = signedInWith(token);
const signedOut = (): Promise<unknown> => Promise.resolve();

/** Makes a token of a scope, such as "orgs/acme". */
const tokenOf = (scope: string, role: string) => service.call("POST", `${scope}/tokens`, { name: "browser tests", role }) as Promise<{ secret: string }>;

/** A browser of its own, as another person's, in a workspace. */
async function open(tab = "overview", setUp: (page: Page) => Promise<unknown> = signedIn, workspace = "acme-support", width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 680 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(60_000);
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      faults.push(message.text());
    }
  });
  await setUp(page);
  await page.goto(`${service.url}/example/?${workspace && `workspace=${workspace}&`}tab=${tab}`);
  return page;
}

const live = (page: Page) => page.getByText("Live", { exact: true }).waitFor();
const hasTabs = (page: Page, ...names: string[]) => page.waitForFunction((wanted) =>
  [...document.querySelectorAll("[role=tab]")].map((tab) => tab.textContent).join() === wanted, names.join());
const links = (page: Page) => page.getByRole("navigation", { name: "Organization" }).getByRole("link").allTextContents();
const metrics = (page: Page) => page.getByRole("tabpanel").locator("dl > div").evaluateAll((entries) => entries.map((entry) => [...entry.children].map((part) => part.textContent).join(": ")));
const stored = (page: Page) => page.evaluate(() => Object.keys(localStorage));
const signInWith = async (page: Page, secret: string) => {
  await page.getByLabel("Token of the service").fill(secret);
  await page.keyboard.press("Enter");
};
const shoot = async (page: Page, name: string) => {
  if (screenshots) {
    await page.evaluate(() => scrollTo(0, 0));
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
      "/api/platform/whoami", "/api/platform/workspaces",
      "/api/platform/workspaces/acme-support/context", "/api/platform/workspaces/acme-support/events",
    ]);
    await expect.poll(() => asked.filter((at) => at.includes("/metrics/")).sort()).toEqual(["/example/metrics/module-chat.json", "/example/metrics/module-kb.json"]);
    await expect.poll(() => [...going]).toEqual(["/api/platform/workspaces/acme-support/events"]);
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

  it("shows what available modules count (D16); with a module goes what it counts, in both browsers without a reload", async () => {
    const ofKb = ["Documents Knowledge base: 128 docs", "Questions answered Knowledge base: 342"];
    const ofChat = "Conversations Chat: 57";
    const [mine, other] = [await open("overview"), await open("overview")];
    await Promise.all([mine, other].map((page) => expect.poll(() => metrics(page)).toEqual([...ofKb, ofChat])));
    await Promise.all([mine, other].map((page) => page.evaluate(() => Object.assign(window, { isSamePage: true }))));

    const turnChat = async (word: string) => {
      await mine.getByRole("tab", { name: "Settings" }).click();
      await mine.getByRole("switch", { name: "Chat in the workspace" }).click();
      await mine.getByText(`Chat is now ${word} in the workspace.`).waitFor();
      await mine.getByRole("tab", { name: "Overview" }).click();
    };
    await turnChat("off");
    await Promise.all([mine, other].map((page) => expect.poll(() => metrics(page)).toEqual(ofKb)));
    await turnChat("on");
    await Promise.all([mine, other].map((page) => expect.poll(() => metrics(page)).toEqual([...ofKb, ofChat])));
    expect(await Promise.all([mine, other].map((page) => page.evaluate(() => "isSamePage" in window)))).toEqual([true, true]);
  });

  it("shows the metrics of the others where a module does not answer (D16)", async () => {
    const page = await open("overview", async (p) => {
      await p.route("**/metrics/module-kb.json*", (route) => route.fulfill({ status: 503, body: "" }));
      await signedIn(p);
    });
    const failed = "Not known: The module answered 503.";
    await expect.poll(() => metrics(page)).toEqual([`Documents Knowledge base: ${failed}`, `Questions answered Knowledge base: ${failed}`, "Conversations Chat: 57"]);
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
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Chat");
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
    await expect.poll(() => metrics(page)).toHaveLength(tab === "overview" ? 3 : 0);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
      return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    });
    expect(violations).toEqual([]);
  });

  it("asks for a token, says why one is refused, and sends it from then on", async () => {
    const page = await open("docs", signedOut);
    await signInWith(page, "omt_nonsense");
    await page.getByRole("alert").filter({ hasText: /token/ }).waitFor();
    await signInWith(page, token);
    await live(page);
    await hasTabs(page, "Overview", "Docs", "Chat", "Settings");
  });

  it.each([["org_admin", "orgs/acme", true], ["shell", "orgs/acme", true], ["ws_admin", "workspaces/acme-support", false]])("opens with a token of the role %s of %s", async (role, scope, hasOrg) => {
    const { secret } = await tokenOf(scope, role);
    const page = await open("settings", signedInWith(secret));
    await live(page);
    await hasTabs(page, "Overview", "Docs", "Chat", "Settings");
    await expect.poll(() => page.getByRole("combobox").getByRole("option").allTextContents())
      .toEqual(hasOrg ? ["acme: Research", "acme: Support"] : ["acme: Support"]);
    await expect.poll(async () => (await links(page)).includes("Docs")).toBe(hasOrg);
    expect(await page.getByRole("columnheader", { name: "Organization" }).count()).toBe(hasOrg ? 1 : 0);

    await page.goto(`${service.url}/example/`);
    await live(page);
    expect(page.url()).toContain(hasOrg ? "workspace=acme-research" : "workspace=acme-support");
  });

  it("says that a workspace is not there or not for the token, and offers others and another token", async () => {
    const { secret } = await tokenOf("workspaces/acme-support", "ws_admin");
    const page = await open("docs", signedInWith(secret), "globex-main");
    await page.getByRole("heading", { name: "Workspace globex-main cannot be shown" }).waitFor();
    await page.getByRole("alert").filter({ hasText: "globex-main" }).waitFor();
    await page.getByRole("link", { name: "acme-support" }).click();
    await live(page);

    await page.goto(`${service.url}/example/?workspace=globex-main`);
    await page.getByRole("button", { name: "Use another token" }).click();
    await signInWith(page, token);
    await page.getByRole("heading", { level: 1, name: "Main" }).waitFor();
  });

  it("offers to sign in where the token is no longer good, and shows the next person nothing of what it knew", async () => {
    const { secret } = await tokenOf("workspaces/acme-support", "shell");
    const page = await open("docs", signedInWith(secret));
    await live(page);
    const { tokens } = await service.call("GET", "workspaces/acme-support/tokens") as { tokens: { id: string; role: string }[] };
    await Promise.all(tokens.filter(({ role }) => role === "shell").map(({ id }) => service.call("DELETE", `workspaces/acme-support/tokens/${id}`)));
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByRole("button", { name: "Sign in again" }).click();
    expect(await stored(page)).toEqual([]);

    await page.route("**/context", () => undefined); // never answered
    await signInWith(page, token);
    await page.getByRole("heading", { level: 1, name: "acme-support" }).waitFor();
    await hasTabs(page, "Overview", "Settings");
  });

  it("lets go of all it knows at sign-out", async () => {
    const page = await open("docs");
    await live(page);
    await expect.poll(() => stored(page)).toContain("example-workspaces");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token of the service").waitFor();
    expect(await stored(page)).toEqual([]);
  });

  it("opens with what it knew where the service is away at start", async () => {
    const page = await open("docs");
    await live(page);
    await expect.poll(() => stored(page)).toContain("example-workspaces");
    await page.route("**/api/**", (route) => route.abort());
    await page.reload();
    await page.getByText(/Shown as of/).waitFor();
    await hasTabs(page, "Overview", "Docs", "Chat", "Settings");
    expect(await page.getByRole("combobox").getByRole("option").allTextContents()).toContain("globex: Main");
  });

  it("goes along its navigation within the page, each entry to a place of its own", async () => {
    const page = await open("overview");
    await live(page);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    const headings = {
      Docs: "Docs of Support", Chat: "Chat", "AI models": "AI models", Access: "Access", Management: "Management", Modules: "Settings", Usage: "Usage",
      Workspaces: "Overview",
    };
    for (const [name, heading] of Object.entries(headings)) {
      const link = page.getByRole("navigation", { name: "Organization" }).getByRole("link", { name, exact: true });
      await link.click();
      await page.getByRole("heading", { level: 2, name: heading, exact: true }).waitFor();
      expect(await page.locator("nav [aria-current=page]").allTextContents()).toEqual([name]);
      expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    }

    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
    await page.goBack();
    await page.getByRole("heading", { name: "Usage" }).waitFor();
  });

  it.each(["overview", "chat", "settings"])("fits %s into a narrow page", async (tab) => {
    const page = await open(tab, signedIn, "acme-support", 320);
    await live(page);
    await page.getByRole("tabpanel").getByRole("heading").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it("goes on with what it knows while the service is away, says how old that is, and comes back by itself", async () => {
    const page = await open("docs");
    await live(page);
    await service.stop();
    await page.getByText(/Shown as of \d+ seconds? ago/).waitFor();
    await hasTabs(page, "Overview", "Docs", "Chat", "Settings");
    await shoot(page, "stale");
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByRole("switch", { name: "Chat in the workspace" }).click();
    await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();

    await service.start();
    await service.call("PUT", "workspaces/acme-support/modules/module-chat", { isEnabled: false });
    await live(page);
    await hasTabs(page, "Overview", "Docs", "Settings");
    await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor({ state: "detached" });
  });
});
