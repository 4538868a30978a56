import path from "node:path";

/** A plugin never imports the host: what it needs to know of it, it is told by the context. */
export default {
  meta: {
    type: "problem",
    docs: { description: "a plugin never imports the host" },
    messages: { host: "A plugin never imports the host ('{{source}}'). Take what is needed from useWorkspacePlugin(), or ask the host for it in the context." },
    schema: [{
      type: "object",
      properties: {
        packages: { type: "array", items: { type: "string" } },
        directories: { type: "array", items: { type: "string" } },
      },
      additionalProperties: false,
    }],
  },

  create(context) {
    const { packages = [], directories = [] } = context.options[0] ?? {};
    const roots = directories.map((directory) => path.resolve(context.cwd, directory));

    // "@host" stands for itself and all below it, "@host/*" the same, so that an alias can be written as in tsconfig.
    const names = packages.map((name) => name.replace(/\/\*+$/, ""));
    const isHost = (source) => {
      if (source.startsWith(".")) {
        const target = path.resolve(path.dirname(context.filename), source);
        return roots.some((root) => target === root || target.startsWith(root + path.sep));
      }

      return names.some((name) => source === name || source.startsWith(`${name}/`));
    };
    const check = (node) => {
      if (node?.type === "Literal" && typeof node.value === "string" && isHost(node.value)) {
        context.report({ node, messageId: "host", data: { source: node.value } });
      } else if (node?.type === "TemplateLiteral" && node.quasis.length === 1 && isHost(node.quasis[0].value.cooked)) {
        context.report({ node, messageId: "host", data: { source: node.quasis[0].value.cooked } });
      }
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal ?? node.argument),
      TSExternalModuleReference: (node) => check(node.expression),
      "CallExpression[callee.name='require']": (node) => check(node.arguments[0]),
    };
  },
};
