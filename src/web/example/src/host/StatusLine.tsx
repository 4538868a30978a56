import { type ReactNode } from "react";
import { useWorkspacePlugin } from "@orleans-modules/react";

/** How sure the page is of what it shows. Changes of it are read out, but not that it grows older. */
export function StatusLine({ onSignIn }: { readonly onSignIn: () => void }): ReactNode {
  const { ageMs, error, refresh, status } = useWorkspacePlugin();
  const isStale = status === "stale";
  return (
    <p className={`status ${status}`}>
      {isStale && `Shown as of ${spoken(ageMs)} ago. `}
      <span role="status">{isStale ? error?.message ?? "The service does not answer." : status === "ready" ? "Live" : "Connecting…"}</span>{" "}
      {error?.kind === "unauthorized"
        ? <button onClick={onSignIn}>Sign in again</button>
        // Always there, so that it keeps the focus when it helped.
        : <button onClick={() => void refresh()}>{isStale ? "Try now" : "Refresh"}</button>}
    </p>
  );
}

function spoken(ms: number): string {
  const [count, unit] = ms < 60_000 ? [ms / 1_000, "second"] : ms < 3_600_000 ? [ms / 60_000, "minute"] : ms < 86_400_000 ? [ms / 3_600_000, "hour"] : [ms / 86_400_000, "day"];
  const whole = Math.max(1, Math.floor(count));
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
