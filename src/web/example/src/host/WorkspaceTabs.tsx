import { type ComponentType, type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { type TabDefinition, type Tabs, useTabs } from "@orleans-modules/react";
import { go, useAddress } from "./address.js";
import { Overview } from "./Overview.js";
import { Settings } from "./Settings.js";

interface Tab extends TabDefinition {
  readonly Panel: ComponentType;
}

// The code of a plugin is loaded when its tab is first shown.
const definitions: readonly Tab[] = [
  { id: "overview", label: "Overview", place: "first", Panel: Overview },
  { id: "docs", label: "Docs", moduleName: "module-kb", Panel: lazy(() => import("../plugins/kb/Docs.js")) },
  { id: "evaluations", label: "Evaluations", moduleName: "module-eval", Panel: lazy(() => import("../plugins/eval/Evaluations.js")) },
  { id: "chat", label: "Chat", moduleName: "module-chat", Panel: lazy(() => import("../plugins/chat/Chat.js")) },
  { id: "interviews", label: "Interviews", moduleName: "module-voice", Panel: lazy(() => import("../plugins/voice/Interviews.js")) },
  { id: "settings", label: "Settings", place: "last", Panel: Settings },
];

/** The tabs of the workspace, and the one that is shown: that of the address, or the first where there is none such. */
export function useShownTabs(): Tabs<Tab> & { readonly selected: Tab | null } {
  const tabs = useTabs(definitions);
  return { ...tabs, selected: tabs.select(useAddress().tab) };
}

/** Tabs of the workspace: arrow keys, Home and End move and select, as the ARIA pattern says. */
export function WorkspaceTabs(): ReactNode {
  const address = useAddress();
  const { tabs, isLoading, selected } = useShownTabs();
  const list = useRef<HTMLDivElement>(null);
  const shownId = selected?.id;

  // Where a tab goes away or comes back, focus goes along to the tab that is shown then: from what went with it, and from the one shown meanwhile.
  useEffect(() => {
    const focused = document.activeElement;
    if (shownId !== undefined && (focused === document.body ? shownId !== address.tab : focused?.matches("[role=tab][aria-selected=false]"))) {
      list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
    }
  }, [shownId, address.tab]);

  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === shownId);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const target = to === undefined ? undefined : tabs[to % tabs.length];
    if (target) {
      event.preventDefault();
      go({ tab: target.id });
      list.current?.querySelector<HTMLElement>(`#tab-${target.id}`)?.focus();
    }
  };

  return (
    <>
      <div className="tabs" role="tablist" aria-label="Workspace" aria-busy={isLoading} ref={list} onKeyDown={move}>
        {tabs.map(({ id, label }) => (
          <button key={id} id={`tab-${id}`} role="tab" aria-selected={id === shownId} aria-controls={id === shownId ? "panel" : undefined} tabIndex={id === shownId ? 0 : -1} onClick={() => go({ tab: id })}>
            {label}
          </button>
        ))}
      </div>
      <p className="unseen" role="status">{shownId !== undefined && shownId !== address.tab && address.tab !== "" ? `${address.tab} is not available; ${selected?.label} is shown.` : ""}</p>
      {selected && (
        <section id="panel" role="tabpanel" aria-labelledby={`tab-${selected.id}`} tabIndex={0}>
          <Suspense fallback={<p>Loading…</p>}>
            <selected.Panel />
          </Suspense>
        </section>
      )}
    </>
  );
}
