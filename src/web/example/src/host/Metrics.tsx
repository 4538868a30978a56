import { type ReactNode } from "react";
import { type OverviewMetric, useOverviewMetrics } from "@orleans-modules/react";
import { audience } from "./audience.js";

/** Figures of the modules that the workspace has. */
export function Metrics(): ReactNode {
  const { metrics } = useOverviewMetrics(audience);
  return metrics.length > 0 && (
    <dl className="metrics">
      {metrics.map((metric) => (
        <div key={`${metric.module}/${metric.name}`}>
          <dt>{metric.label} <small>{metric.moduleLabel}</small></dt>
          <dd>{textOf(metric)}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf({ error, phase, unit, value }: OverviewMetric): string {
  const shown = value === null ? "No value" : [value.toLocaleString("en"), unit].filter(Boolean).join(" ");
  return { loading: "Loading…", ready: shown, error: `${value === null ? "Not known" : `${shown}, not up to date`}: ${error?.message}` }[phase];
}
