import { describe, expect, it } from "vitest";
import { createModulesClient, type ModuleSource, type NavigationEntry } from "../src/index.js";
import { type Asked, FakeService, json, problem } from "./fake-service.js";
import { fakeTime, MemoryStorage, pass } from "./harness.js";

fakeTime();

const docs: NavigationEntry = { module: "kb", label: "Docs", route: "/docs", order: 20 };
const chat: NavigationEntry = { module: "chat", label: "Chat", route: "/chat" };

/** A service of the organization acme that has navigation, too. */
class NavigationService extends FakeService {
  items: NavigationEntry[] = [docs, chat];

  constructor() {
    super();
    this.version = "s1.o1";
    this.instead = this.navigation;
  }

  readonly navigation = ({ path, headers }: Asked): Response | null => {
    const etag = `"${this.version}:org_admin"`;
    return !path.includes("/navigation") ? null
      : headers.get("if-none-match") === etag ? new Response(null, { status: 304, headers: { etag } })
        : json(200, { orgId: "acme", items: this.items, version: this.version }, { etag });
  };

  override comeBack(): void {
    this.instead = this.navigation;
  }

  get asks(): string[] {
    return this.asked.map((a) => a.path).filter((path) => path.includes("/navigation"));
  }

  /** Changes the entries and tells everybody. */
  rearrange(version: string, items: NavigationEntry[]): void {
    this.items = items;
    this.change(version, this.modules);
  }
}

const labels = (navigation: ModuleSource): unknown => navigation.getState().map?.items?.map((item) => item.label);

describe("navigation (D13)", () => {
  it("is asked for once, and follows the organization's one stream", async () => {
    const service = new NavigationService();
    const client = createModulesClient({ fetch: service.fetch });
    const navigation = client.navigation("acme");
    expect(client.navigation("acme")).toBe(navigation);
    navigation.subscribe(() => undefined);
    client.org("acme").subscribe(() => undefined);
    expect(navigation.getState().status).toBe("loading");
    await pass();
    expect(navigation.getState()).toMatchObject({ status: "ready", map: { version: "s1.o1", modules: [], items: [docs, chat] } });
    expect(service.asks).toEqual(["/api/platform/orgs/acme/navigation"]);
    expect(service.openStreams).toBe(1);

    service.rearrange("s1.o2", [chat]);
    await pass();
    expect(labels(navigation)).toEqual(["Chat"]);
    await pass(600_000);
    expect(navigation.getState().status).toBe("ready");
    expect(service.asks).toEqual(["/api/platform/orgs/acme/navigation", "/api/platform/orgs/acme/navigation?atLeast=s1.o2"]);
  });

  it("is not changed by a workspace", async () => {
    const service = new NavigationService();
    const client = createModulesClient({ fetch: service.fetch });
    client.navigation("acme").subscribe(() => undefined);
    await pass();
    await client.override({ kind: "workspace", id: "red" }, "kb", { isEnabled: false });
    await pass(60_000);
    expect(service.asks.length).toBe(1);
  });

  it("is for an audience: the service is told which, and each has its own", async () => {
    const service = new NavigationService();
    const client = createModulesClient({ fetch: service.fetch });
    const admins = client.navigation("acme", { isAdmin: true, permissions: ["kb:read", "a,b"] });
    expect(admins).not.toBe(client.navigation("acme"));
    admins.subscribe(() => undefined);
    await pass();
    service.rearrange("s1.o2", [docs]);
    await pass();
    expect(service.asks).toEqual(["/api/platform/orgs/acme/navigation?admin=true&permissions=kb%3Aread%2Ca%2Cb", "/api/platform/orgs/acme/navigation?admin=true&permissions=kb%3Aread%2Ca%2Cb&atLeast=s1.o2"]);
  });

  it("is stale with the organization, and ready with it again", async () => {
    const service = new NavigationService();
    const navigation = createModulesClient({ fetch: service.fetch }).navigation("acme");
    navigation.subscribe(() => undefined);
    await pass();
    service.goAway();
    await pass(60_000);
    expect(navigation.getState()).toMatchObject({ status: "stale", error: { kind: "network" }, map: { items: [docs, chat] } });
    expect(navigation.getState().ageMs).toBeGreaterThan(40_000);
    service.items = [chat];
    service.version = "s1.o2";
    service.comeBack();
    await pass(60_000);
    expect(navigation.getState().status).toBe("ready");
    expect(labels(navigation)).toEqual(["Chat"]);
  });

  it("is dropped where the organization is gone", async () => {
    const service = new NavigationService();
    const navigation = createModulesClient({ fetch: service.fetch }).navigation("acme");
    navigation.subscribe(() => undefined);
    await pass();
    service.instead = () => problem(404, "org-not-found");
    service.send("event: deleted\ndata: {}\n\n");
    await pass();
    expect(navigation.getState()).toMatchObject({ status: "error", map: null });
  });

  it("is there at once from the storage, and heals by itself where it cannot be asked for", async () => {
    const storage = new MemoryStorage();
    const service = new NavigationService();
    createModulesClient({ fetch: service.fetch, storage }).navigation("acme").subscribe(() => undefined);
    await pass();
    service.goAway();
    await pass(3_600_000);
    const navigation = createModulesClient({ fetch: service.fetch, storage }).navigation("acme");
    navigation.subscribe(() => undefined);
    expect(labels(navigation)).toEqual(["Docs", "Chat"]);
    await pass(1_000);
    expect(navigation.getState().status).toBe("stale");
    service.comeBack();
    await pass(60_000);
    expect(navigation.getState().status).toBe("ready");
  });

  it("stops with its last subscriber, and lets the organization's stream go", async () => {
    const service = new NavigationService();
    const stop = createModulesClient({ fetch: service.fetch, lingerMs: 1_000 }).navigation("acme").subscribe(() => undefined);
    await pass();
    expect(service.openStreams).toBe(1);
    stop();
    await pass(3_000);
    expect(service.openStreams).toBe(0);
  });
});
