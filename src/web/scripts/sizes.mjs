// Bundles each entry as a host's bundler would, without what the host has anyway, and fails where it is larger than promised.
import { gzipSync } from "node:zlib";
import { build } from "vite";

const entries = [
  { name: "@orleans-modules/client", file: "client/src/index.ts", limit: 6 * 1024, external: [] },
  { name: "@orleans-modules/react", file: "react/src/index.ts", limit: 4 * 1024, external: [/^react($|\/)/, "@orleans-modules/client"] },
];

let failed = false;
for (const { name, file, limit, external } of entries) {
  const [{ output }] = await build({
    configFile: false,
    logLevel: "silent",
    root: new URL("..", import.meta.url).pathname,
    resolve: { conditions: ["orleans-modules-source"] },
    esbuild: { jsx: "automatic" },
    build: { write: false, minify: "esbuild", target: "es2022", lib: { entry: file, formats: ["es"] }, rollupOptions: { external } },
  });

  // The format of a library keeps white space for other bundlers; a host's bundle has none.
  const { transformWithEsbuild } = await import("vite");
  const { code } = await transformWithEsbuild(output[0].code, "bundle.js", { minify: true, format: "esm", target: "es2022" });
  const size = gzipSync(code, { level: 9 }).length;
  const isOver = size > limit;
  failed ||= isOver;
  console.log(`${isOver ? "TOO LARGE" : "ok"}  ${name}  ${size} of ${limit} bytes gzipped`);
}

process.exit(failed ? 1 : 0);
