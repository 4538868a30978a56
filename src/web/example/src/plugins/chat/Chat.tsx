import { type ReactNode } from "react";
import { ModuleGate, useModule } from "@orleans-modules/react";

/** The tab of module-chat. What it offers depends on two other modules, too. */
export default function Chat(): ReactNode {
  const { module } = useModule("module-chat");
  const greeting = module?.config["greeting"];
  return (
    <>
      <h2>Chat</h2>
      <p>{typeof greeting === "string" ? greeting : "Hello!"}</p>
      <label>Message <input /></label>
      <ModuleGate moduleName="module-kb" fallback={<p>Answers from general knowledge.</p>}><p>Answers from the workspace's documents.</p></ModuleGate>
      <ModuleGate moduleName="module-voice"><button>Speak</button></ModuleGate>
    </>
  );
}
