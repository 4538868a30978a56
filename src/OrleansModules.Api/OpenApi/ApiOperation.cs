namespace OrleansModules.Api.OpenApi;

/// <summary>What the OpenAPI document says of one route.</summary>
/// <param name="Id">Stable operation id.</param>
/// <param name="Summary">One line.</param>
internal sealed record ApiOperation(string Id, string Summary)
{
    /// <summary>What the document groups the route under: the first word of its id.</summary>
    public string Tag => Id[..(Id.AsSpan().IndexOfAnyInRange('A', 'Z') is > 0 and var end ? end : Id.Length)];

    /// <summary>Shape of the request body; null for none.</summary>
    public Type? Body { get; init; }

    /// <summary>Whether the body is a merge patch.</summary>
    public bool IsPatch { get; init; }

    /// <summary>Shape of the answer; null for the receipt of a write.</summary>
    public Type? Answer { get; init; }

    /// <summary>Media type of the answer.</summary>
    public string AnswerType { get; init; } = "application/json";

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Query parameters.</summary>
    public string[] Query { get; init; } = [];

    /// <summary>Headers that mean something here.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>Whether the answer has an entity tag and 304 is possible.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether it is a write, with all that writes have in common.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Whether everybody may ask, without a credential.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Statuses of failure beyond 400 and 406.</summary>
    public int[] Statuses { get; init; } = [];

    /// <summary>Shape of failures that the handler writes, which are then those of <see cref="Statuses"/> only; null for problems.</summary>
    public Type? Failure { get; init; }
}
