import { defineConfig } from "vitest/config";

// A real service, a real browser: npm run test:browser. See CONTRIBUTING.md.
export default defineConfig({
  test: {
    include: ["browser/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
