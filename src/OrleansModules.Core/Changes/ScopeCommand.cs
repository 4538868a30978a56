using NuGet.Versioning;
using OrleansModules.Core.Access;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Changes;

/// <summary>What a request wants done to one scope. Immutable.</summary>
public abstract record ScopeCommand
{
    private ScopeCommand()
    {
    }

    /// <summary>System: registers a module; the name must never have been used.</summary>
    public sealed record RegisterModule(ModuleDefinition Definition) : ScopeCommand;

    /// <summary>System: replaces a definition whole, or registers it.</summary>
    public sealed record PutModule(ModuleDefinition Definition) : ScopeCommand;

    /// <summary>System: changes a definition by a merge patch (RFC 7396).</summary>
    public sealed record PatchModule(string Module, JsonObjectValue Patch) : ScopeCommand;

    /// <summary>System: switches a module.</summary>
    public sealed record SwitchModule(string Module, bool IsEnabled) : ScopeCommand;

    /// <summary>System: removes a module; its name stays taken and its history stays.</summary>
    public sealed record RemoveModule(string Module) : ScopeCommand;

    /// <summary>System: sets the version of the host that modules must be compatible with; null checks nothing.</summary>
    public sealed record SetHostVersion(SemanticVersion? HostVersion) : ScopeCommand;

    /// <summary>Organization, workspace: creates the scope, or changes what it is.</summary>
    /// <param name="Name">Display name; null leaves it.</param>
    /// <param name="OrgId">The organization of a workspace; null for an organization.</param>
    public sealed record PutScope(string? Name, string? OrgId) : ScopeCommand;

    /// <summary>Organization, workspace: deletes the scope with its overrides. An organization must have no workspaces.</summary>
    public sealed record DeleteScope : ScopeCommand;

    /// <summary>Organization, workspace: sets an override; absent fields of the body stay as they are.</summary>
    /// <param name="Module">The module's name.</param>
    /// <param name="Body">See <see cref="OverrideJson.Read"/>.</param>
    public sealed record PutOverride(string Module, JsonObjectValue Body) : ScopeCommand;

    /// <summary>Organization, workspace: changes an override by a merge patch (RFC 7396).</summary>
    public sealed record PatchOverride(string Module, JsonObjectValue Patch) : ScopeCommand;

    /// <summary>Organization, workspace: takes an override away, so that everything is inherited again.</summary>
    public sealed record ClearOverride(string Module) : ScopeCommand;

    /// <summary>Any scope: sets modules back to what they were at an earlier revision.</summary>
    /// <param name="Revision">An earlier revision of the same scope, from 0 (nothing was said).</param>
    /// <param name="Module">Only this module; null for all.</param>
    public sealed record Restore(long Revision, string? Module) : ScopeCommand;

    /// <summary>Any scope: replaces its settings for shells whole. Documents among the settings stay, see <see cref="SettingDocuments"/>.</summary>
    public sealed record PutSettings(JsonObjectValue Settings) : ScopeCommand;

    /// <summary>Any scope: changes its settings for shells by a merge patch (RFC 7396).</summary>
    public sealed record PatchSettings(JsonObjectValue Patch) : ScopeCommand;

    /// <summary>Any scope: replaces one document among its settings whole.</summary>
    /// <param name="Name">One of <see cref="SettingDocuments"/>.</param>
    /// <param name="Value">The document.</param>
    public sealed record PutDocument(string Name, JsonObjectValue Value) : ScopeCommand;

    /// <summary>Any scope: gives somebody a role, in place of the one they had.</summary>
    public sealed record PutMember(string Subject, ScopeRole Role) : ScopeCommand;

    /// <summary>Any scope: takes somebody's role away.</summary>
    public sealed record RemoveMember(string Subject) : ScopeCommand;

    /// <summary>Any scope: adds a token.</summary>
    public sealed record CreateToken(AccessToken Token) : ScopeCommand;

    /// <summary>Any scope: gives a token a new secret; its newest secret before stays valid for a while, older ones end.</summary>
    public sealed record RotateToken(string Id, TokenSecret Next, DateTime OldUntil) : ScopeCommand;

    /// <summary>Any scope: takes a token away.</summary>
    public sealed record RevokeToken(string Id) : ScopeCommand;
}
