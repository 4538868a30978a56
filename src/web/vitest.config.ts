import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["orleans-modules-source"] },
  ssr: { resolve: { conditions: ["orleans-modules-source"] } },
  test: {
    include: ["{client,react,eslint-plugin,example}/test/**/*.test.{ts,tsx,js}"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
