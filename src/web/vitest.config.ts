import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["orleans-modules-source"] },
  ssr: { resolve: { conditions: ["orleans-modules-source"] } },
  test: {
    include: ["{client,react,eslint-plugin,example}/test/**/*.test.{ts,tsx,js}"],
    testTimeout: 60_000, // guides are compiled as they are written
    restoreMocks: true,
    unstubGlobals: true,
  },
});
