using System.Collections.Immutable;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes;

/// <summary>One accepted change of one scope, as the store keeps it. Immutable.</summary>
/// <remarks>Values are absolute, so that folding the records of a scope in order of revision gives its layer.</remarks>
public sealed record ChangeRecord
{
    /// <summary>Place in the store's feed: gapless from 1, in order of commit. 0 until the store assigned it.</summary>
    public long Position { get; init; }

    /// <summary>The scope that changed.</summary>
    public required ScopeId Scope { get; init; }

    /// <summary>The scope's revision that the change made.</summary>
    public required long Revision { get; init; }

    /// <summary>What was done.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The version of the scope's map right after the change, as its owner knew its parents then.</summary>
    public required MapVersion Version { get; init; }

    /// <summary>When the owner accepted it, UTC, in whole milliseconds.</summary>
    public required DateTime At { get; init; }

    /// <summary>Who asked for it, at most 200 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in the actor's words, at most 1,000 characters; null when not said.</summary>
    public string? Reason { get; init; }

    /// <summary>Names the request, unique in the store; null when the request had no such name.</summary>
    public string? OperationId { get; init; }

    /// <summary>Digest of the request that <see cref="OperationId"/> names; a different one under the same id is a mistake of the caller.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What the scope is after the change; null when that did not change.</summary>
    public ScopeProperties? Properties { get; init; }

    /// <summary>Definitions that changed (system scope).</summary>
    public ImmutableArray<DefinitionChange> Definitions { get; init; } = [];

    /// <summary>Overrides that changed (organizations and workspaces).</summary>
    public ImmutableArray<OverrideChange> Overrides { get; init; } = [];

    /// <summary>The scope's settings, when they changed.</summary>
    public SettingsChange? Settings { get; init; }

    /// <summary>Members that changed.</summary>
    public ImmutableArray<MemberChange> Members { get; init; } = [];

    /// <summary>Tokens that changed.</summary>
    public ImmutableArray<TokenChange> Tokens { get; init; } = [];

    /// <summary>Enabled modules whose required dependencies a forced change left off.</summary>
    public ImmutableArray<string> Broke { get; init; } = [];

    /// <summary>Whether the change touched a module.</summary>
    public bool Touches(string module) =>
        Definitions.Any(d => d.After.Name.Equals(module, StringComparison.Ordinal)) || Overrides.Any(o => o.Module.Equals(module, StringComparison.Ordinal));
}

/// <summary>A definition before and after a change.</summary>
/// <param name="Before">Null when the change registered the module.</param>
/// <param name="After">The definition now; removed modules say so.</param>
public sealed record DefinitionChange(ModuleDefinition? Before, ModuleDefinition After);

/// <summary>An override before and after a change.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Before">Null when there was none.</param>
/// <param name="After">Null when the change took it away.</param>
public sealed record OverrideChange(string Module, ModuleOverride? Before, ModuleOverride? After);

/// <summary>A scope's settings before and after a change; empty where it had none.</summary>
public sealed record SettingsChange(JsonObjectValue Before, JsonObjectValue After);

/// <summary>Somebody's role before and after a change.</summary>
/// <param name="Subject">Who.</param>
/// <param name="Before">Null when they had none.</param>
/// <param name="After">Null when they lost it.</param>
public sealed record MemberChange(string Subject, ScopeRole? Before, ScopeRole? After);

/// <summary>A token before and after a change.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Before">Null when the change made it.</param>
/// <param name="After">Null when the change took it away.</param>
public sealed record TokenChange(string Id, AccessToken? Before, AccessToken? After);
