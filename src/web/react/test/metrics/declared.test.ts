import { describe, expect, it } from "vitest";
import { moduleOf } from "../../../client/test/fake-service.js";
import { endpointOf, metricsOf } from "../../src/metrics/declared.js";

const documents = { name: "documents", label: "Documents", unit: "docs", icon: "file" };
const declaring = (metrics: unknown) => moduleOf("kb", { navConfig: { metrics } });
const red = { workspaceId: "red", orgId: "acme" };

describe("metricsOf (D16)", () => {
  it("is what the module declares, in its order; unit and icon may be missing or null", () => {
    expect(metricsOf(declaring({ items: [documents, { name: "open-questions", label: "Open" }, { name: "a1", label: "x".repeat(100), unit: null, icon: null }] }))).toEqual([
      documents,
      { name: "open-questions", label: "Open", unit: null, icon: null },
      { name: "a1", label: "x".repeat(100), unit: null, icon: null },
    ]);
  });

  it.each([
    null, "documents", 5, [], { label: "No name" }, { name: "no-label" }, { ...documents, name: "Documents" }, { ...documents, name: "1st" },
    { ...documents, name: "a--b" }, { ...documents, name: "a-" }, { ...documents, name: "x".repeat(101) }, { ...documents, name: 5 },
    { ...documents, label: "" }, { ...documents, label: "x".repeat(101) }, { ...documents, label: { en: "Documents" } },
    { ...documents, unit: "" }, { ...documents, unit: 5 }, { ...documents, icon: "x".repeat(101) }, { ...documents, icon: {} },
  ])("passes by what is no metric, and only that: %j", (item) => {
    expect(metricsOf(declaring({ items: [item, { name: "pages", label: "Pages" }] })).map(({ name }) => name)).toEqual(["pages"]);
  });

  it("takes the first of a name, and no more than twenty", () => {
    expect(metricsOf(declaring({ items: [documents, { ...documents, label: "Again" }] })).map(({ label }) => label)).toEqual(["Documents"]);
    expect(metricsOf(declaring({ items: Array.from({ length: 21 }, (_, i) => ({ ...documents, name: `n${i}` })) })).at(-1)?.name).toBe("n19");
  });

  it.each([undefined, null, "metrics", 5, [], {}, { items: null }, { items: "documents" }, { items: { 0: documents, length: 1 } }, { items: [] }])("is nothing where the definition says %j", (metrics) => {
    expect(metricsOf(declaring(metrics))).toEqual([]);
  });

  it("bears a definition without any entry of navigation", () => {
    const broken = (navConfig: unknown) => ({ ...moduleOf("kb"), navConfig }) as Parameters<typeof metricsOf>[0];
    expect([null, undefined, "text", 5].map((navConfig) => metricsOf(broken(navConfig)))).toEqual([[], [], [], []]);
  });
});

describe("endpointOf (D16)", () => {
  it("has the ids of the scope in it, encoded for an address", () => {
    const scope = { workspaceId: "a b/../c?", orgId: "ü&" };
    expect(endpointOf(declaring({ endpoint: "/api/{orgId}/metrics?workspace={workspaceId}&again={workspaceId}" }), scope))
      .toBe("/api/%C3%BC%26/metrics?workspace=a%20b%2F..%2Fc%3F&again=a%20b%2F..%2Fc%3F");
  });

  it.each(["/", "/api/kb/metrics", "/a//b", "/a?to=https://b.example/", "/a;b=c|d~e[f]@g"])("is a path of the host's own origin: %s", (endpoint) => {
    expect(endpointOf(declaring({ endpoint }), red)).toBe(endpoint);
    expect(new URL(endpoint, "https://host.example/page").origin).toBe("https://host.example");
  });

  it.each([
    undefined, null, 5, {}, ["/api"], "", "api/kb", "./api", "?a", "https://b.example/", "javascript:alert(1)", "data:,{}",
    "//b.example/", "///b.example/", "/\\b.example/", "\\\\b.example/", "/\t/b.example/", "/\n/b.example/", "/\r/b.example/", "\t//b.example/", " //b.example/", " /api",
    "/api /kb", "/api\\kb", "/äpi", "/{other}", "/{workspaceId", "/api\u0000",
  ])("counts as none where it is another: %j", (endpoint) => {
    expect(endpointOf(declaring({ endpoint }), red)).toBeNull();
  });

  it("counts as none where it needs an id that is not known", () => {
    expect(endpointOf(declaring({ endpoint: "/api/{orgId}/metrics" }), { workspaceId: "red" })).toBeNull();
    expect(endpointOf(declaring({ endpoint: "/{orgId}/b.example/" }), { workspaceId: "red", orgId: "" })).toBeNull();
    expect(endpointOf(declaring({ endpoint: "/{orgId}/b.example/" }), red)).toBe("/acme/b.example/");
  });
});
