namespace OrleansModules.Server.Tests.Crash;

/// <summary>A change that a writer sent, and what it knows of it.</summary>
/// <param name="Scope">Path of the scope; empty for the system.</param>
/// <param name="Path">Path of the request.</param>
/// <param name="Value">Unique text in it; also its idempotency key.</param>
internal sealed record SentChange(string Scope, string Path, string Value)
{
    private volatile Receipt? _receipt;

    /// <summary>What was acknowledged; null where no answer came.</summary>
    public Receipt? Receipt
    {
        get => _receipt;
        set => _receipt = value;
    }

    /// <summary>The verb.</summary>
    public HttpMethod Method => Scope.Length == 0 ? HttpMethod.Patch : HttpMethod.Put;

    /// <summary>The body: each scope says a key of its own, so that all three show in a workspace's map.</summary>
    public string Body => Scope.Length == 0
        ? $$$"""{"config":{"system":"{{{Value}}}"}}"""
        : $$$"""{"configOverrides":{"{{{Key(Scope)}}}":"{{{Value}}}"}}""";

    /// <summary>The key that a scope says.</summary>
    public static string Key(string scope) => scope.Length == 0 ? "system" : scope.StartsWith("/orgs", StringComparison.Ordinal) ? "org" : "workspace";
}

/// <summary>What an acknowledgement says.</summary>
internal sealed record Receipt(long Revision, long Position);
