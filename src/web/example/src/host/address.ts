import { useSyncExternalStore } from "react";

/** Where in the shell one is: in the page's address, so that reload, links and the back button work. */
export interface Address {
  readonly workspace: string | null;
  readonly tab: string;
}

const listeners = new Set<() => void>();

/** The address, and a function to go to another. */
export function useAddress(): [Address, (to: Partial<Address>) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const query = new URLSearchParams(search);
  return [{ workspace: query.get("workspace"), tab: query.get("tab") ?? "overview" }, go];
}

/** The address as a link. */
export function linkTo(to: Partial<Address>): string {
  const query = new URLSearchParams(location.search);
  Object.entries(to).forEach(([name, value]) => query.set(name, value ?? ""));
  return `?${query}`;
}

function go(to: Partial<Address>): void {
  history.pushState(null, "", linkTo(to));
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}
