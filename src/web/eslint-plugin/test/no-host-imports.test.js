import { RuleTester } from "eslint";
import tseslint from "typescript-eslint";
import { describe, it } from "vitest";
import rule from "../no-host-imports.js";

RuleTester.describe = describe;
RuleTester.it = it;

const options = [{ packages: ["module-ws", "@host/*"], directories: ["src/host"] }];
const filename = `${process.cwd()}/src/plugins/kb/Docs.tsx`;
const valid = (code) => ({ code, options, filename });
const invalid = (code) => ({ code, options, filename, errors: [{ messageId: "host" }] });

new RuleTester({ languageOptions: { parser: tseslint.parser } }).run("no-host-imports (D6)", rule, {
  valid: [
    valid("import { useWorkspacePlugin } from '@orleans-modules/react';"),
    valid("import { part } from './part.js';"),
    valid("import x from '../chat/x.js';"),
    valid("import x from 'module-wsx';"),
    valid("import x from '../../hosting/x.js';"),
    valid("export const host = 'module-ws';"),
    valid("const name = './' + 'x'; import(name);"),
    { code: "import x from 'module-ws';", filename },
  ],
  invalid: [
    invalid("import { useSession } from 'module-ws';"),
    invalid("import { useSession } from 'module-ws/auth';"),
    invalid("import type { Session } from '@host/session';"),
    invalid("import '../../host/boot.js';"),
    invalid("import x from '../../host';"),
    invalid("export { x } from '@host';"),
    invalid("export * from '@host/all';"),
    invalid("const late = () => import('@host/late');"),
    invalid("const late = () => import(`@host/late`);"),
    invalid("const old = require('module-ws');"),
    invalid("import old = require('module-ws');"),
    invalid("type S = import('@host/session').Session;"),
  ],
});
