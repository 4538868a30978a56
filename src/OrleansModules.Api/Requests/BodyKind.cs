namespace OrleansModules.Api.Requests;

/// <summary>What body a request has.</summary>
internal enum BodyKind
{
    /// <summary>None; one that is sent all the same is refused.</summary>
    None,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>A JSON Merge Patch (RFC 7396), sent as such or as JSON.</summary>
    MergePatch,
}
