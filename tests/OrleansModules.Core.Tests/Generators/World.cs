using System.Collections.Immutable;
using System.Text;
using NuGet.Versioning;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tests.Generators;

/// <summary>One system, one organization and one workspace: the smallest input that has all three levels. Immutable.</summary>
internal sealed record World(
    ImmutableArray<ModuleDefinition> Definitions, SemanticVersion? HostVersion, ImmutableArray<ModuleOverride> Org, ImmutableArray<ModuleOverride> Workspace)
{
    public static readonly ScopeId OrgScope = ScopeId.Org("acme");
    public static readonly ScopeId WorkspaceScope = ScopeId.Workspace("acme-1");
    public static readonly ChangeMark Mark = new(1, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc), "tester");

    public static World Empty { get; } = new([], null, [], []);

    public SystemLayer SystemLayer(long revision = 1) => SystemLayerOf(Definitions, HostVersion, revision);

    public ScopeLayer OrgLayer(long revision = 1) => LayerOf(Org, null, revision);

    public ScopeLayer WorkspaceLayer(long revision = 1) => LayerOf(Workspace, OrgScope.Id, revision);

    public static SystemLayer SystemLayerOf(IEnumerable<ModuleDefinition> definitions, SemanticVersion? host, long revision = 1) => new(
        revision,
        definitions.ToImmutableDictionary(d => d.Name, d => new DefinitionEntry(d, Provenance.New(Mark), Mark), StringComparer.Ordinal),
        host);

    public static ScopeLayer LayerOf(IEnumerable<ModuleOverride> overrides, string? orgId, long revision = 1) => new(
        revision,
        new ScopeProperties(null, orgId, IsDeleted: false, null),
        [.. overrides.OrderBy(o => o.Module, StringComparer.Ordinal).Select(o => new OverrideEntry(o, Provenance.New(Mark)))]);

    /// <summary>Resolves all three levels from nothing.</summary>
    public (EffectiveMap System, EffectiveMap Org, EffectiveMap Workspace) Resolve()
    {
        var system = CascadeResolver.Resolve(SystemLayer(), null);
        var org = CascadeResolver.Resolve(OrgScope, OrgScope, system, OrgLayer(), null);
        return (system, org, CascadeResolver.Resolve(WorkspaceScope, OrgScope, org, WorkspaceLayer(), null));
    }

    /// <summary>Worlds that are simpler in one respect.</summary>
    public IEnumerable<World> Simpler()
    {
        foreach (var definition in Definitions)
        {
            yield return this with { Definitions = Definitions.Remove(definition) };
        }

        foreach (var said in Org)
        {
            yield return this with { Org = Org.Remove(said) };
        }

        foreach (var said in Workspace)
        {
            yield return this with { Workspace = Workspace.Remove(said) };
        }

        foreach (var definition in Definitions)
        {
            if (!definition.Config.IsEmpty)
            {
                yield return this with { Definitions = Definitions.Replace(definition, definition with { Config = Core.Json.JsonObjectValue.Empty }) };
            }

            foreach (var dependency in definition.Dependencies)
            {
                yield return this with { Definitions = Definitions.Replace(definition, definition with { Dependencies = definition.Dependencies.Remove(dependency) }) };
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine().Append("host ").AppendLine(HostVersion?.ToString() ?? "any");
        foreach (var definition in Definitions)
        {
            text.Append("system ").AppendLine(DefinitionJson.ToValue(definition).ToString());
        }

        foreach (var (level, overrides) in new[] { ("org", Org), ("workspace", Workspace) })
        {
            foreach (var said in overrides)
            {
                text.Append(level).Append(' ').Append(said.Module).Append(' ').AppendLine(OverrideJson.ToValue(said).ToString());
            }
        }

        return text.ToString();
    }
}
