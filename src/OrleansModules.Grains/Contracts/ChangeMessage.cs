namespace OrleansModules.Grains.Contracts;

/// <summary>A request to change a scope. Fields are as in <see cref="Core.Changes.ChangeRequest"/>.</summary>
[GenerateSerializer, Immutable, Alias("modules.Change")]
public sealed record ChangeMessage
{
    /// <summary>The scope.</summary>
    [Id(0)]
    public required string Scope { get; init; }

    /// <summary>What to do.</summary>
    [Id(1)]
    public required CommandMessage Command { get; init; }

    /// <summary>Who asks.</summary>
    [Id(2)]
    public required string Actor { get; init; }

    /// <summary>Why; null when not said.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    /// <summary>Only if the scope is at this revision; null does not care.</summary>
    [Id(4)]
    public long? IfRevision { get; init; }

    /// <summary>Only in this epoch; null does not care.</summary>
    [Id(5)]
    public int? IfEpoch { get; init; }

    /// <summary>Whether to accept what breaks dependents.</summary>
    [Id(6)]
    public bool Force { get; init; }

    /// <summary>Names the request; null has no name.</summary>
    [Id(7)]
    public string? OperationId { get; init; }

    /// <summary>Digest of the request; null where it has no name.</summary>
    [Id(8)]
    public string? Fingerprint { get; init; }

    /// <summary>The version of what is above the scope, as the caller's silo saw it: the change is decided on nothing older.</summary>
    [Id(9)]
    public string? Seen { get; init; }

    /// <summary>As whom the record lets it be made; null as the service itself.</summary>
    [Id(10)]
    public string? Subject { get; init; }

    /// <summary>The scopes in which the subject's credential gives a role.</summary>
    [Id(11)]
    public string[] GrantScopes { get; init; } = [];

    /// <summary>The role in each of <see cref="GrantScopes"/>.</summary>
    [Id(12)]
    public string[] GrantRoles { get; init; } = [];

    /// <summary>The revision of the scope itself, as the caller's silo saw it; 0 where it saw none.</summary>
    [Id(13)]
    public long SeenRevision { get; init; }
}

/// <summary>What to do with a scope: a word, and what goes with it.</summary>
[GenerateSerializer, Immutable, Alias("modules.Command")]
public sealed record CommandMessage
{
    /// <summary>The command in kebab case, see <see cref="Wire.CommandWire"/>.</summary>
    [Id(0)]
    public required string Word { get; init; }

    /// <summary>Module, organization, subject or token.</summary>
    [Id(1)]
    public string? Name { get; init; }

    /// <summary>Display name, version, role or hash.</summary>
    [Id(2)]
    public string? Text { get; init; }

    /// <summary>A JSON object, UTF-8.</summary>
    [Id(3)]
    public byte[]? Json { get; init; }

    /// <summary>A revision.</summary>
    [Id(4)]
    public long Number { get; init; }

    /// <summary>A switch.</summary>
    [Id(5)]
    public bool Flag { get; init; }

    /// <summary>When a token's secret was made, UTC.</summary>
    [Id(6)]
    public DateTime? CreatedAt { get; init; }

    /// <summary>Until when a token's secret is good, UTC; null has no end.</summary>
    [Id(7)]
    public DateTime? ExpiresAt { get; init; }

    /// <summary>Until when a token's former secret is good, UTC.</summary>
    [Id(8)]
    public DateTime? OldUntil { get; init; }
}
