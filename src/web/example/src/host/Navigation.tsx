import { type ReactNode } from "react";
import { ModuleAwareNavigation, useOrgNavigation } from "@orleans-modules/react";
import { Link } from "./address.js";
import { audience } from "./audience.js";

// Entries that lead to a tab of the workspace. The others lead to pages of the organization.
const tabs: Readonly<Record<string, string>> = {
  "/workspaces": "overview", "/docs": "docs", "/evaluations": "evaluations", "/chat": "chat", "/interviews": "interviews", "/admin/mgmt/modules": "settings",
};

/** The entries of the organization; `shown` is the tab, or the route of the page, that is shown. */
export function Navigation({ orgId, shown }: { readonly orgId: string; readonly shown: string | undefined }): ReactNode {
  const { error, status } = useOrgNavigation(orgId, audience);
  return status === "error"
    ? <nav aria-label="Organization"><p>No navigation of {orgId}: {error?.message}</p></nav>
    : <ModuleAwareNavigation
        orgId={orgId}
        {...audience}
        label="Organization"
        current={Object.keys(tabs).find((route) => tabs[route] === shown) ?? shown ?? ""}
        renderLink={({ href, label }, isCurrent) => <Link to={{ tab: tabs[href] ?? href }} isCurrent={isCurrent}>{label}</Link>}
      />;
}

/** The page of an entry. A real host has one for each; this small one has only its name. */
export function Page({ orgId, route }: { readonly orgId: string; readonly route: string }): ReactNode {
  const { isLoading, items } = useOrgNavigation(orgId, audience);
  const entry = items.flatMap((item) => [item, ...item.children ?? []]).find(({ href }) => href === route);
  return isLoading ? null : (
    <>
      <h2>{entry?.label ?? "Not available"}</h2>
      <p>{entry ? "A real host has a page here" : "The organization has nothing"} at <code>{route}</code>. <Link to={{ tab: "overview" }}>Back to the workspace</Link></p>
    </>
  );
}
