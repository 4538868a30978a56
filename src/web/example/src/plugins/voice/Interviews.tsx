import { type ReactNode } from "react";
import { ModuleConditional } from "@orleans-modules/react";

/** The tab of module-voice. */
export default function Interviews(): ReactNode {
  return (
    <>
      <h2>Interviews</h2>
      <ModuleConditional moduleName="module-voice">
        {({ module }) => <p>Up to {String(module?.config["maxMinutes"])} minutes{module?.featureFlags["transcripts"] ? ", with a transcript" : ""}.</p>}
      </ModuleConditional>
    </>
  );
}
