import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../..");
const project = path.join(root, "src/OrleansModules.Server");

/** What `MODULES_SERVER_DLL` names, else the newest build, else one made now. */
export function program(): string {
  const given = process.env["MODULES_SERVER_DLL"];
  if (given) {
    return path.resolve(given);
  }

  const builds = ["Release", "Debug"].map((kind) => path.join(project, "bin", kind, "net10.0/OrleansModules.Server.dll"));
  if (!builds.some(existsSync)) {
    const built = spawnSync("dotnet", ["build", project, "-c", "Release"], { stdio: "inherit" });
    if (built.status !== 0) {
      throw new Error("The server does not build.");
    }
  }

  const [newest] = builds.filter(existsSync).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!newest) {
    throw new Error("There is no server to start.");
  }

  return newest;
}
