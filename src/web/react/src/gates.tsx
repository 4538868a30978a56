import type { ReactNode } from "react";
import { type ModuleAnswer, useModule, useModulePhase } from "./hooks.js";

export interface ModuleGateProps {
  readonly moduleName: string;
  /** Shown where the module is not available. Default: nothing. */
  readonly fallback?: ReactNode;
  /** Shown while nothing is known. Default: nothing, so that nothing flashes. */
  readonly loading?: ReactNode;
  /** Shown where nothing can be known. Default: as `fallback`. */
  readonly error?: ReactNode;
  readonly children?: ReactNode;
}

/** Shows its children where the module is available in the workspace. */
export function ModuleGate({ moduleName, fallback = null, loading = null, error = fallback, children }: ModuleGateProps): ReactNode {
  return { available: children, unavailable: fallback, loading, error }[useModulePhase(moduleName)];
}

export interface ModuleConditionalProps {
  readonly moduleName: string;
  readonly children: (answer: ModuleAnswer) => ReactNode;
}

/** Renders what its child makes of the module, in every phase. */
export function ModuleConditional({ moduleName, children }: ModuleConditionalProps): ReactNode {
  return children(useModule(moduleName));
}
