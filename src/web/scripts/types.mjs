// Writes the types of the HTTP contract from docs/openapi.v1.json; with --check, fails where the checked-in file is not current.
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const source = new URL("../../../docs/openapi.v1.json", import.meta.url);
const target = new URL("../client/src/openapi.ts", import.meta.url);

const document = JSON.parse(await readFile(source, "utf8"));

// An object of which the document says nothing has any keys.
for (const schema of Object.values(document.components.schemas)) {
  if (schema.type === "object" && !schema.properties) {
    schema.additionalProperties ??= true;
  }
}

const types = astToString(await openapi({ ...document, paths: {} }, { alphabetize: true }));
const text = `// Generated from docs/openapi.v1.json by "npm run types": change that, not this.\n\n${types}`;

if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8").catch(() => "")) !== text) {
    console.error("client/src/openapi.ts is not what docs/openapi.v1.json says: run \"npm run types\" and commit the difference.");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
