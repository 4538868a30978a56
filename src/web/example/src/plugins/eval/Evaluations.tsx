import { type ReactNode } from "react";
import { useModule } from "@orleans-modules/react";

interface EvalConfig {
  readonly scoringConfig?: { readonly scale: number; readonly rubric: string };
}

/** The tab of module-eval. */
export default function Evaluations(): ReactNode {
  const { module } = useModule("module-eval");
  const { scoringConfig } = (module?.config ?? {}) as EvalConfig;
  return (
    <>
      <h2>Evaluations</h2>
      <p>Answers get 1 to {scoringConfig?.scale} points by the rubric “{scoringConfig?.rubric}”{module?.featureFlags["autoScoring"] ? ", by themselves" : ""}.</p>
    </>
  );
}
