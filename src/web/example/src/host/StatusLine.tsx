import { type ReactNode } from "react";
import { useWorkspacePlugin } from "@orleans-modules/react";

/** How sure the page is of what it shows. */
export function StatusLine(): ReactNode {
  const { ageMs, error, refresh, status } = useWorkspacePlugin();
  return (
    <p className={`status ${status}`} role="status">
      {status === "ready" && "Live"}
      {status === "loading" && "Connecting…"}
      {status === "stale" && `Shown as of ${spoken(ageMs)} ago. ${error?.message ?? "The service does not answer."} `}
      {status === "error" && `Nothing is known. ${error?.message} `}
      {(status === "stale" || status === "error") && <button onClick={() => void refresh()}>Try now</button>}
    </p>
  );
}

function spoken(ms: number): string {
  const [count, unit] = ms < 60_000 ? [ms / 1_000, "second"] : ms < 3_600_000 ? [ms / 60_000, "minute"] : ms < 86_400_000 ? [ms / 3_600_000, "hour"] : [ms / 86_400_000, "day"];
  const whole = Math.max(1, Math.floor(count));
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
