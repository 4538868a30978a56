namespace OrleansModules.Api.OpenApi;

/// <summary>What parameters mean: the same name means the same everywhere.</summary>
internal static class ParameterTexts
{
    /// <summary>The text of a parameter.</summary>
    public static string Of(string name) => name switch
    {
        "id" => "Id of the organization or workspace: 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first.",
        "name" => "The module's name.",
        "revision" => "A revision of the scope, from 0.",
        "limit" => "Length of the page, 1 to 1,000. Default 100.",
        "after" => "Only ids after this one: 'next' of the page before.",
        "before" => "Only revisions below this one: 'next' of the page before.",
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
        "X-Actor" => "Who asks. Not verified.",
        "X-Change-Reason" => "Why; other letters than ASCII percent-encoded.",
        "X-Org-Id" => "Id of the organization, where it is not in the query.",
        "Last-Event-ID" => "The version known already.",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A parameter without a text."),
    };
}
