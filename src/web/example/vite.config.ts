import { defineConfig } from "vite";

// Served by the service at /example; "npm run dev" serves it with a service at its default address beside it.
export default defineConfig({
  root: import.meta.dirname,
  base: "/example/",
  resolve: { conditions: ["orleans-modules-source", "module", "browser", "development|production"] },
  esbuild: { jsx: "automatic" },
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
  server: { proxy: { "/api": "http://127.0.0.1:5080" } },
});
