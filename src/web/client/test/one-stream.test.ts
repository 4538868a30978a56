import { describe, expect, it } from "vitest";
import { createModulesClient, type ModulesClientOptions } from "../src/index.js";
import { type Asked, FakeService, json, moduleOf, problem } from "./fake-service.js";
import { fakeTime, pass } from "./harness.js";

fakeTime();

const at = "/api/platform/orgs/acme";

/** A service of the workspace red and its organization acme, whose version is in that of the workspace. */
class BothService extends FakeService {
  orgModules = [moduleOf("kb")];

  constructor() {
    super();
    this.instead = this.org;
  }

  get orgVersion(): string {
    return this.version.replace(/\.w\d+$/, "");
  }

  readonly org = ({ path, headers, signal }: Asked): Response | null => {
    const etag = `"${this.orgVersion}"`;
    return path === `${at}/events` ? this.stream(signal, ": up to date\n\n")
      : !path.startsWith(`${at}/modules`) ? null
        : headers.get("if-none-match") === etag ? new Response(null, { status: 304, headers: { etag } })
          : json(200, { version: this.orgVersion, modules: this.orgModules }, { etag });
  };

  override comeBack(): void {
    this.instead = this.org;
  }

  /** What is asked of the organization, by the end of its address. */
  asksOfOrg(): string[] {
    return this.asked.map((a) => a.path).filter((path) => path.startsWith(at)).map((path) => path.slice(at.length));
  }

  /** Whose streams are open. */
  open(): string[] {
    return this.streams.filter((a) => !a.signal?.aborted).map((a) => a.path.split("/").at(-2)!);
  }
}

async function both(options: ModulesClientOptions = {}) {
  const service = new BothService();
  const errors: unknown[] = [];
  const client = createModulesClient({ fetch: service.fetch, onError: (error) => errors.push(error), ...options });
  const [org, red] = [client.org("acme"), client.workspace("red")];
  org.subscribe(() => undefined);
  const stop = red.subscribe(() => undefined);
  await pass(5_000);
  return { client, errors, org, red, service, stop };
}

describe("an organization beside its workspace", () => {
  it("has no stream of its own, and follows at once what the workspace's tells of it", async () => {
    const { errors, org, service } = await both();
    expect(service.open()).toEqual(["red"]);
    service.asked.length = 0;
    service.orgModules = [moduleOf("chat")];
    service.change("s1.o2.w1", []);
    await pass();
    expect(org.getState()).toMatchObject({ status: "ready", map: { version: "s1.o2", available: ["chat"] } });
    expect(service.asksOfOrg()).toEqual(["/modules?atLeast=s1.o2"]);
    expect(errors).toEqual([]);
  });

  it("is not asked for where only the workspace changed, and confirmed with the workspace", async () => {
    const { org, service } = await both();
    service.asked.length = 0;
    service.change("s1.o1.w2", []);
    await pass(20_000);
    expect(service.asksOfOrg()).toEqual([]);
    await pass(280_000);
    expect(service.asksOfOrg()).toEqual([]);
    expect(org.getState()).toMatchObject({ status: "ready", ageMs: 0 });
  });

  it("has at once what changed while nobody looked at it", async () => {
    const { client, org, service } = await both();
    const other = createModulesClient({ fetch: service.fetch });
    other.workspace("red").subscribe(() => undefined);
    const stop = other.org("acme").subscribe(() => undefined);
    await pass(5_000);
    stop();
    await pass(15_000);
    service.orgModules = [moduleOf("chat")];
    service.change("s1.o2.w1", []);
    await pass();
    expect(other.org("acme").getState().map?.version).toBe("s1.o1");
    other.org("acme").subscribe(() => undefined);
    await pass();
    expect(other.org("acme").getState()).toMatchObject({ status: "ready", map: { version: "s1.o2" } });
    expect(client.org("acme")).toBe(org);
  });

  it("tries again soon where a node that is behind refuses what it was told of, and says meanwhile what it knows", async () => {
    const { org, service } = await both();
    service.instead = (asked) => asked.path === `${at}/modules?atLeast=s1.o2` ? problem(503, "version-not-reached", { "retry-after": "1" }) : service.org(asked);
    service.change("s1.o2.w1", []);
    await pass();
    expect(org.getState().map?.version).toBe("s1.o1");
    service.comeBack();
    await pass(3_000);
    expect(org.getState()).toMatchObject({ status: "ready", map: { version: "s1.o2" } });
  });

  it("keeps what it knows where the workspace is deleted", async () => {
    const { org, red, service } = await both();
    const told: unknown[] = [];
    org.subscribe(() => told.push(org.getState()));
    service.instead = (asked) => asked.path.includes("/red/") ? problem(404, "workspace-not-found") : service.org(asked);
    service.send("event: deleted\ndata: {}\n\n");
    await pass(20_000);
    expect(red.getState().status).toBe("error");
    expect(told).toEqual([]);
    expect(service.open().at(-1)).toBe("acme");
  });

  it("goes by its own stream where the workspace learns nothing", async () => {
    const { org, red, service } = await both();
    service.instead = (asked) => asked.path.includes("/red/") ? problem(500, "internal") : service.org(asked);
    service.end();
    await pass(150_000);
    expect([org.getState().status, red.getState().status]).toEqual(["ready", "stale"]);
    expect(service.open().at(-1)).toBe("acme");
  });

  it("is asked again where the change came while it was asked for", async () => {
    const service = new BothService();
    let answer: (response: Response) => void = () => undefined;
    service.instead = (asked) => asked.path === `${at}/modules` ? new Promise((resolve) => {
      answer = resolve;
    }) : service.org(asked);
    const client = createModulesClient({ fetch: service.fetch });
    client.org("acme").subscribe(() => undefined);
    client.workspace("red").subscribe(() => undefined);
    await pass();
    service.change("s1.o2.w1", []);
    await pass();
    answer(json(200, { version: "s1.o1", modules: [] }));
    await pass();
    expect(client.org("acme").getState().map?.version).toBe("s1.o2");
  });

  it("takes up a stream of its own when the last workspace is left, and gives it back", async () => {
    const { errors, org, red, service, stop } = await both();
    stop();
    await pass(15_000);
    expect(service.open()).toEqual(["acme"]);
    service.version = "s1.o2.w1";
    service.send('event: version\ndata: {"version":"s1.o2"}\n\n');
    await pass();
    expect(org.getState()).toMatchObject({ status: "ready", map: { version: "s1.o2" } });
    red.subscribe(() => undefined);
    await pass(5_000);
    expect(service.open()).toEqual(["red"]);
    expect(errors).toEqual([]);
  });

  it.each([["of another organization", { orgId: "other" }, true], ["without context", {}, false]])("has a stream of its own beside a workspace %s", async (_, other, context) => {
    const service = new BothService();
    service.context = { ...service.context, ...other };
    const client = createModulesClient({ fetch: service.fetch, context });
    client.workspace("red").subscribe(() => undefined);
    client.org("acme").subscribe(() => undefined);
    await pass(10_000);
    expect(service.open()).toEqual(["red", "acme"]);
  });

  it("is stale with its own age while the service is away, and ready after", async () => {
    const { org, service } = await both();
    service.goAway();
    await pass(120_000);
    expect(org.getState()).toMatchObject({ status: "stale", error: { kind: "network" }, map: { version: "s1.o1" } });
    expect(org.getState().ageMs).toBeGreaterThan(80_000);
    service.comeBack();
    await pass(60_000);
    expect(org.getState()).toMatchObject({ status: "ready", ageMs: 0 });
    expect([service.openStreams, service.open().at(-1)]).toEqual([1, "red"]);
  });

  it("is dropped where it is closed to the caller, though the workspace is not; and the other way", async () => {
    const { org, red, service } = await both();
    service.instead = (asked) => asked.path.startsWith(at) ? problem(403, "forbidden") : null;
    service.change("s1.o2.w1", []);
    await pass();
    expect([org.getState().status, red.getState().status]).toEqual(["error", "ready"]);
    service.asked.length = 0;
    for (let own = 2; own < 12; own++) {
      service.change(`s1.o2.w${own}`, []);
      await pass(1_000);
    }

    expect(service.asksOfOrg()).toEqual([]);
    service.instead = (asked) => asked.path.includes("/red/") ? problem(404, "workspace-not-found") : service.org(asked);
    service.send("event: deleted\ndata: {}\n\n");
    await pass(60_000);
    expect([org.getState().status, red.getState().status]).toEqual(["ready", "error"]);
    expect(service.open().at(-1)).toBe("acme");
  });
});
