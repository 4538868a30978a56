import noHostImports from "./no-host-imports.js";

const plugin = {
  meta: { name: "@orleans-modules/eslint-plugin", version: "0.1.0" },
  rules: { "no-host-imports": noHostImports },
};

/**
 * A flat configuration for plugins.
 * @param {{ files: string[], packages?: string[], directories?: string[] }} options `files` are the plugins; the host is what is imported by
 * `packages` (names or aliases, with all below them) or lies in `directories` (from the working directory).
 */
export const pluginIsolation = ({ files, packages = [], directories = [] }) => ({
  files,
  plugins: { "orleans-modules": plugin },
  rules: { "orleans-modules/no-host-imports": ["error", { packages, directories }] },
});

export default plugin;
