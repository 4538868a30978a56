using NuGet.Versioning;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>What the changes of a history say: names only, which is fast, or the config of a module at all levels.</summary>
internal sealed class Contents(bool withModules)
{
    private const string Module = "kb";

    public static ScopeId Acme { get; } = ScopeId.Org("acme");

    public static ScopeId Globex { get; } = ScopeId.Org("globex");

    public static IReadOnlyList<ScopeId> Scopes { get; } =
        [ScopeId.System, Acme, Globex, ScopeId.Workspace("a1"), ScopeId.Workspace("a2"), ScopeId.Workspace("g1"), ScopeId.Workspace("g2")];

    public static ScopeId OrgOf(ScopeId workspace) => workspace.Id[0] == 'a' ? Acme : Globex;

    /// <summary>The next change of a scope, under a new operation id.</summary>
    public ChangeRecord Next(ScopeId scope, Layer? current, string operation)
    {
        var revision = (current?.Revision ?? 0) + 1;
        var change = new ChangeRecord
        {
            Scope = scope,
            Revision = revision,
            Kind = ChangeKind.OverrideSet,
            Version = new MapVersion(scope.Kind, 0, 0, 0),
            At = DateTime.UnixEpoch,
            Actor = "simulation",
            OperationId = operation,
        };
        var number = int.Parse(operation);
        if (scope.Kind == ScopeKind.System)
        {
            var definition = new ModuleDefinition { Name = Module, DisplayName = Module, Config = Config("s", number) };
            change = change with { Properties = new ScopeProperties(null, null, IsDeleted: false, new SemanticVersion(number, 0, 0)) };
            return withModules ? change with { Definitions = [new DefinitionChange((current as SystemLayer)?.Find(Module), definition)] } : change;
        }

        change = change with { Properties = new ScopeProperties(operation, scope.Kind == ScopeKind.Workspace ? OrgOf(scope).Id : null, IsDeleted: false, null) };
        var key = scope.Kind == ScopeKind.Org ? "o" : "w";
        var before = (current as ScopeLayer)?.Find(Module)?.Override;
        return withModules ? change with { Overrides = [new OverrideChange(Module, before, ModuleOverride.Nothing(Module) with { Config = Config(key, number) })] } : change;
    }

    /// <summary>Whether two layers of one scope say the same.</summary>
    public static bool AreEqual(Layer one, Layer other) => (one, other) switch
    {
        (SystemLayer a, SystemLayer b) => a.Revision == b.Revision && Equals(a.HostVersion, b.HostVersion),
        (ScopeLayer a, ScopeLayer b) => a.Revision == b.Revision && a.Properties == b.Properties,
        _ => false,
    };

    /// <summary>Checks that a map says what the layers of its version say, and nothing of any other revision.</summary>
    public void CheckMap(SimulatedRecord record, ScopeId scope, ScopeView view)
    {
        if (!withModules || view.Version.System == 0 || ((SystemLayer)record.Committed[(ScopeId.System, view.Version.System)]).Find(Module) is not { } definition)
        {
            return;
        }

        var values = new List<(string Key, string Value)> { ("s", Number(definition.Config)) };
        Add("o", scope.Kind == ScopeKind.Workspace ? OrgOf(scope) : scope, view.Version.Org);
        Add("w", scope, view.Version.Workspace);
        Assert.Equal($"{{{string.Join(',', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"\"{v.Key}\":{v.Value}"))}}}", view.Map.Find(Module)!.Config.ToString());

        void Add(string key, ScopeId of, long revision)
        {
            if (revision > 0 && ((ScopeLayer)record.Committed[(of, revision)]).Find(Module) is { } entry)
            {
                values.Add((key, Number(entry.Override.Config)));
            }
        }
    }

    private static JsonObjectValue Config(string key, int number) => JsonObjectValue.Parse($"{{\"{key}\":{number}}}");

    private static string Number(JsonObjectValue config) => config.ToString().Split(':')[1].TrimEnd('}');
}
