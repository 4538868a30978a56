import { existsSync } from "node:fs";

/**
 * Where Chromium is: the environment variable CHROMIUM, or where packages put it. Without it browser tests are skipped on a developer's
 * machine, and fail where CI is set.
 */
export const chromiumPath = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((file) => file !== undefined && existsSync(file)) ?? null;

export const canBrowse = chromiumPath !== null || process.env["CI"] !== undefined;
