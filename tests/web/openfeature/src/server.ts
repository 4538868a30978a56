import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { program } from "./program.js";

const token = "token-of-the-openfeature-tests";

/** A real server in a process of its own, on a free port, with its data in a directory of its own. */
export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly directory: string,
    private readonly output: string[],
    readonly url: string,
  ) {}

  /** Headers that let a caller do everything. Tuples: the web provider takes no map (T9). */
  readonly headers: [string, string][] = [["Authorization", `Bearer ${token}`]];

  /** Everything the server has logged. */
  get log(): string {
    return this.output.join("");
  }

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const directory = mkdtempSync(path.join(tmpdir(), "modules-openfeature-"));
    const child = spawn("dotnet", [program(), "--urls", "http://127.0.0.1:0"], {
      cwd: directory,
      env: { ...process.env, Modules__BootstrapToken: token, Modules__DataDirectory: path.join(directory, "data"), ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        output.push(chunk.toString());
        const ready = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(output.join(""));
        if (ready?.[1]) {
          resolve(ready[1]);
        }
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${output.join("")}`)));
    });
    return new Server(child, directory, output, url);
  }

  async send(method: string, route: string, body?: unknown): Promise<void> {
    const answer = await fetch(this.url + route, {
      method,
      headers: [["Content-Type", method === "PATCH" ? "application/merge-patch+json" : "application/json"], ...this.headers],
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`);
    }
  }

  /** Two modules, one organization, two workspaces. */
  async load(): Promise<void> {
    await this.send("POST", "/api/platform/modules", {
      name: "module-kb",
      config: { limit: 20, mode: "fast", search: { depth: 3 }, tags: ["a", "b"] },
      featureFlags: { beta: false },
    });
    await this.send("POST", "/api/platform/modules", { name: "module-chat" });
    await this.send("PUT", "/api/platform/orgs/acme", {});
    await this.send("PUT", "/api/platform/workspaces/w1", { orgId: "acme" });
    await this.send("PUT", "/api/platform/workspaces/w2", { orgId: "acme" });
    await this.send("PUT", "/api/platform/workspaces/w2/modules/module-kb", { isEnabled: false });
  }

  /** Changes a value of a module in a workspace. */
  override(module: string, body: unknown, workspace = "w1"): Promise<void> {
    return this.send("PUT", `/api/platform/workspaces/${workspace}/modules/${module}`, body);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const closed = new Promise((resolve) => this.process.once("close", resolve));
      this.process.kill("SIGTERM");
      await closed;
    }

    rmSync(this.directory, { recursive: true, force: true });
  }
}
