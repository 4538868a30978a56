namespace OrleansModules.Api.OpenApi;

/// <summary>What parameters mean: the same name means the same everywhere.</summary>
internal static class ParameterTexts
{
    /// <summary>The text of a parameter.</summary>
    public static string Of(string name) => name switch
    {
        "id" => "Id of the organization or workspace: 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first.",
        "name" => "The module's name.",
        "subject" => "Who, as the identity provider names them; a slash as %2F.",
        "token" => "The token's id.",
        "scope" => "system, org/{id} or workspace/{id}.",
        "action" => "Only this action.",
        "outcome" => "done, unchanged, unauthenticated, forbidden, refused or failed.",
        "since" => "Only from this time on, such as 2026-11-21T08:00:00Z.",
        "until" => "Only before this time.",
        "from" => "The first day, such as 2026-11-01, UTC; less than 366 days before the last.",
        "to" => "The last day, UTC. Default: today.",
        "granularity" => "day, week (from Monday) or month. Default day.",
        "module" => "Only this module.",
        "revision" => "A revision of the scope, from 0.",
        "limit" => "Length of the page, 1 to 1,000. Default 100.",
        "after" => "Only what comes after this: 'next' of the page before.",
        "before" => "Only revisions, or positions, below this one: 'next' of the page before.",
        "orgId" => "Id of an organization.",
        "type" => "core or functional.",
        "enabled" => "Only modules that are, or are not, enabled.",
        "atLeast" => "Waits, for a few seconds at most, until this node has this version.",
        "force" => "Does what would break dependent modules or switch off a core module.",
        "lastEventId" => "The version known already, for clients that cannot send the header Last-Event-ID.",
        "key" => "The flag's key: a module's name, {module}.flags.{flag}, {module}.config or {module}.config.{path}.",
        "flagConfigEtag" => "The etag of the event that led to this request.",
        "flagConfigLastModified" => "Not used.",
        "ticket" => "The right to listen, from the answer to a bulk evaluation.",
        "admin" => "Whether the user that a host asks for is an administrator. Counts where the caller is a host, or is not known.",
        "permissions" => "Permissions of the user that is asked for, separated by commas.",
        "If-Match" => "The entity tag the change is based on. Only the scope's own revision counts; * means any.",
        "If-None-Match" => "Entity tags known already.",
        "Idempotency-Key" => "Names the request: sent again under this name it answers the first result and changes nothing.",
        "X-Actor" => "For whom an API token asks; recorded as '{this} via token:{id}'.",
        "X-Change-Reason" => "Why; other letters than ASCII percent-encoded.",
        "X-Org-Id" => "Id of the organization, where it is not in the query.",
        "Last-Event-ID" => "The version known already.",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A parameter without a text."),
    };
}
