import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as kit from "../src/index.js";
import * as testing from "../src/testing.js";

const directory = path.resolve(import.meta.dirname, "..");
const description = JSON.parse(readFileSync(path.join(directory, "package.json"), "utf8")) as Record<"dependencies" | "peerDependencies" | "exports", object>;

describe("the package (D4)", () => {
  it("has what plugins and hosts are built with, and nothing else", () => {
    expect(Object.keys(kit).sort()).toEqual([
      "ModuleAwareNavigation", "ModuleConditional", "ModuleGate", "ModulesProvider", "WorkspacePluginProvider", "buildTabs", "fetchMetrics", "useModule",
      "useModuleRegistry", "useModulesClient", "useOrgModuleConfig", "useOrgNavigation", "useOverviewMetrics", "useTabs", "useWorkspaceModuleConfig",
      "useWorkspacePlugin",
    ]);
    expect(Object.keys(testing)).toEqual(["mockPlugin"]);
  });

  it("depends on nothing but React and the client", () => {
    expect(Object.keys(description.dependencies)).toEqual(["@orleans-modules/client"]);
    expect(Object.keys(description.peerDependencies)).toEqual(["react"]);
    expect(Object.keys(description.exports)).toEqual([".", "./testing"]);
  });
});
