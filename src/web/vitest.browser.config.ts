import { defineConfig } from "vitest/config";

// A real service, a real browser: npm run test:browser. See CONTRIBUTING.md.
export default defineConfig({
  test: {
    include: ["browser/**/*.test.ts"],
    testTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } }, // a second, the default, is little on a machine that builds something else
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
