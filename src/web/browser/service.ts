import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const repository = path.resolve(import.meta.dirname, "../../..");

/** A token that opens everything, from the configuration of the service. */
export const token = "browser-tests-open-everything";

/** The service as the README starts it, with demo data in a directory of its own. */
export class Service {
  #process: ChildProcess | null = null;
  #directory = "";
  #url = "";

  get url(): string {
    return this.#url;
  }

  /** Starts it, again at the same address if it ran before; resolves when it answers. */
  async start(): Promise<void> {
    this.#directory ||= await mkdtemp(path.join(tmpdir(), "example-shell-"));
    const isAgain = this.#url !== "";
    const args = ["run", "--project", "src/OrleansModules.Server", ...(isAgain ? ["--no-build"] : []), "--", "--urls", this.#url || "http://127.0.0.1:0"];

    // Without what npm and the test runner put there: it is not for the build that this starts.
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITE|NODE_)/.test(name)));
    const env = { ...own, BuildWeb: isAgain ? "false" : "true", MSBUILDDISABLENODEREUSE: "1", DOTNET_NOLOGO: "1", Modules__BootstrapToken: token, Modules__Demo: "true", Modules__DataDirectory: this.#directory };

    // A group of its own, as "dotnet run" starts the server as another process.
    const child = this.#process = spawn("dotnet", args, { cwd: repository, env, detached: true });
    let output = "";
    this.#url = await new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const ready = /Ready on (http:\/\/[\d.:]+)/.exec(output);
        if (ready) {
          resolve(ready[1]!); // the expression has one group
        }
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.on("exit", (code) => reject(new Error(`The service ended with ${code}:\n${output}`)));
    });
  }

  /** Stops it as Ctrl+C does, and waits until it is gone. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child?.pid && child.exitCode === null) {
      const gone = new Promise((resolve) => child.on("exit", resolve));
      process.kill(-child.pid, "SIGINT");
      await gone;
    }
  }

  /** Stops it for good, and removes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    if (this.#directory) {
      await rm(this.#directory, { recursive: true, force: true });
    }
  }

  /** Sends a change, or asks. */
  async call(method: string, address: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/platform/${address}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { "Content-Type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return response.json();
  }
}
