import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

type Node = Record<string, unknown>;
export type Change = { op: "move"; from: string; path: string } | { op: "add"; path: string; value: unknown };

const read = (name: string): string => readFileSync(new URL(`../spec/${name}`, import.meta.url), "utf8");

/** What has to be changed in the published specification before a flag with a value fits it; see spec/README.md. */
export const patch = JSON.parse(read("patch.json")) as Change[];

/** Finds the object that a pointer's last step is in. Steps of our patch have nothing to unescape. */
function at(root: Node, pointer: string): [Node, string] {
  const steps = pointer.slice(1).split("/");
  const last = steps.pop()!;
  return [steps.reduce((node, step) => node[step] as Node, root), last];
}

function apply(root: Node, change: Change): void {
  const [target, name] = at(root, change.path);
  if (change.op === "add") {
    target[name] = change.value;
    return;
  }

  const [source, old] = at(root, change.from);
  target[name] = source[old];
  delete source[old];
}

/** The specification of OFREP 0.3.0, with some changes, as validators of JSON. */
export class Specification {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly document: Node;

  constructor(changes: Change[]) {
    this.document = parse(read("openapi-0.3.0.yaml")) as Node;
    changes.forEach((change) => apply(this.document, change));
    addFormats.default(this.ajv);
    this.ajv.addSchema(this.document, "ofrep");
  }

  /** What is wrong with a value, by the name of a schema; empty where it fits. */
  faultsOf(value: unknown, schema: string): string[] {
    return this.check(value, `#/components/schemas/${schema}`);
  }

  /** What is wrong with the body of an answer; null where the specification says nothing of the body. */
  faultsOfAnswer(body: unknown, operation: "single" | "bulk", status: number): string[] | null {
    const path = operation === "single" ? "/ofrep/v1/evaluate/flags/{key}" : "/ofrep/v1/evaluate/flags";
    const answers = (this.document as { paths: Record<string, { post: { responses: Record<string, { content?: unknown }> } }> }).paths[path]!.post.responses;
    const answer = answers[String(status)];
    if (!answer) {
      return [`The specification has no ${status} here.`];
    }

    return answer.content ? this.check(body, `#/paths/${encodeURIComponent(path.replaceAll("/", "~1"))}/post/responses/${status}/content/application~1json/schema`) : null;
  }

  private check(value: unknown, pointer: string): string[] {
    const validate: ValidateFunction = this.ajv.getSchema(`ofrep${pointer}`) ?? this.ajv.compile({ $ref: `ofrep${pointer}` });
    return validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
  }
}
