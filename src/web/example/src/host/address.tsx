import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";

/** Where in the shell one is: in the page's address, so that reload, links and the back button work. */
export interface Address {
  readonly workspace: string | null;
  /** The id of a tab, or the route of a page of the organization. */
  readonly tab: string;
}

const listeners = new Set<() => void>();

/** The address. */
export function useAddress(): Address {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const query = new URLSearchParams(search);
  return { workspace: query.get("workspace"), tab: query.get("tab") ?? "overview" };
}

/** Goes to another address. */
export function go(to: Partial<Address>, isInstead = false): void {
  history[isInstead ? "replaceState" : "pushState"](null, "", linkTo(to));
  listeners.forEach((listener) => listener());
}

/** A link within the page, which does not load it again. Opens in another tab as any link does. */
export function Link({ to, isCurrent = false, children }: { readonly to: Partial<Address>; readonly isCurrent?: boolean; readonly children: ReactNode }): ReactNode {
  useAddress(); // the rest of the address stays as it is
  const follow = (event: MouseEvent) => {
    if (!event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(to);
    }
  };
  return <a href={linkTo(to)} aria-current={isCurrent ? "page" : undefined} onClick={follow}>{children}</a>;
}

function linkTo(to: Partial<Address>): string {
  const query = new URLSearchParams(location.search);
  Object.entries(to).forEach(([name, value]) => query.set(name, value ?? ""));
  return `?${query}`;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}
