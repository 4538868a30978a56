import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ESLint } from "eslint";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const web = path.resolve(import.meta.dirname, "../..");
const guides = ["building-modules.md", "moving-to-context.md"];
let host = "";

// Where packages are found as in a host of one's own.
beforeEach(async () => {
  host = await mkdtemp(path.join(web, "node_modules/.guide-"));
  await write("package.json", '{"type": "module"}');
});
afterEach(() => rm(host, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const file = path.join(host, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/** Writes the files that a page has, those whose first line is their name, and answers where they are. */
async function follow(guide: string): Promise<string[]> {
  const page = await readFile(path.join(web, "../../docs/web", guide), "utf8");
  const files = [...page.matchAll(/^```\w+\n\/\/ (\S+\.\w+)\n([^]*?)^```$/gm)];
  return Promise.all(files.map(([, name, text]) => write(name!, text!))); // the expression has both groups
}

describe.each(guides)("%s, as it is written", (guide) => {
  it("has code without a fault of type", async () => {
    const files = (await follow(guide)).filter((file) => /\.tsx?$/.test(file));
    expect(files).not.toEqual([]);
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler, customConditions: ["orleans-modules-source"], jsx: ts.JsxEmit.ReactJSX, strict: true,
      skipLibCheck: true, noEmit: true, types: [],
    });
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  }, 30_000);

  it.each(["js", "jsx", "ts", "tsx"])("has a rule that finds imports of the host in .%s", async (extension) => {
    await follow(guide);
    const types = extension.startsWith("ts") ? ": string | null" : "";
    const plugin = await write(`src/plugins/kb/Bad.${extension}`, `import "module-ws/auth";\nimport "../../host/main";\nexport const name${types} = null;\n`);
    const results = await new ESLint({ cwd: host }).lintFiles("src");
    const found = results.find(({ filePath }) => filePath === plugin)?.messages;
    expect(found?.map(({ ruleId, line }) => `${line} ${ruleId}`)).toEqual(["1 orleans-modules/no-host-imports", "2 orleans-modules/no-host-imports"]);
    expect(results.filter(({ filePath }) => filePath !== plugin).flatMap(({ messages }) => messages)).toEqual([]);
  });
});
