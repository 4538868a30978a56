using System.Text.Json.Nodes;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;
using OrleansModules.Core.Tree;
using VersionRange = OrleansModules.Core.Versions.VersionRange;

namespace OrleansModules.Core.Tests.Explanations;

[Requirement("B28")]
public sealed class ExplainerTests
{
    [Fact]
    public void Every_value_flag_and_reason_is_decided_by_the_scope_and_change_the_oracle_names() => Laws.HoldForDice(400, dice =>
    {
        var (system, org, workspace) = Histories(dice);
        var world = WorldOf(system, org, workspace);
        foreach (var scope in new[] { World.OrgScope, World.WorkspaceScope })
        {
            var explainer = Explain(scope, (SystemLayer)system.Layer!, (ScopeLayer)org.Layer!, (ScopeLayer)workspace.Layer!);
            History[] histories = scope.Kind == ScopeKind.Org ? [system, org] : [system, org, workspace];
            foreach (var definition in world.Definitions)
            {
                var explanation = explainer.Explain(definition.Name);
                if (definition.IsRemoved)
                {
                    Assert.Null(explanation);
                    continue;
                }

                Assert.NotNull(explanation);
                CheckValues(world, definition, scope.Kind, histories, explanation);
                CheckSays(world, definition, histories, explanation);
                CheckEnabled(world, definition, scope.Kind, histories, explanation);
                CheckReasons(world, explanation.Module, histories, explanation.Availability, [definition.Name]);
            }

            Assert.Null(explainer.Explain("no-such-module"));
        }
    });

    [Fact]
    public void Many_ways_to_one_dependency_are_gone_into_once()
    {
        // 40 levels of two modules, each of which requires both of the level below: 2^40 ways lead down.
        var definitions = new List<ModuleDefinition> { Plain("root") with { IsEnabled = false } };
        for (var level = 0; level < 40; level++)
        {
            var below = level == 0 ? new[] { "root" } : [$"a{level - 1}", $"b{level - 1}"];
            definitions.Add(Plain($"a{level}") with { Dependencies = [.. below.Select(Need)] });
            definitions.Add(Plain($"b{level}") with { Dependencies = [.. below.Select(Need)] });
        }

        var explanation = Explain(World.OrgScope, World.SystemLayerOf(definitions, null), World.LayerOf([], null), null).Explain("a39")!;
        Assert.Equal(2, explanation.Availability.Count);
        Assert.All(explanation.Availability, r => Assert.Equal(new Decision(ScopeId.System, World.Mark), r.DecidedBy));
        Assert.InRange(Count(explanation.Availability), 40, 200);
        Assert.Contains(Flatten(explanation.Availability), r => r.Reason.Code == UnavailableCode.DisabledBySystem);
    }

    [Fact]
    public void Stored_cycle_is_explained_and_ends()
    {
        var definitions = new[]
        {
            Plain("a") with { Dependencies = [Need("b")] }, Plain("b") with { Dependencies = [Need("c")] }, Plain("c") with { Dependencies = [Need("a")] },
            Plain("self") with { Dependencies = [Need("self")] },
        };
        var explainer = Explain(World.OrgScope, World.SystemLayerOf(definitions, null), World.LayerOf([], null), null);
        Assert.All(definitions, d => Assert.NotEmpty(explainer.Explain(d.Name)!.Availability));
    }

    private static void CheckValues(World world, ModuleDefinition definition, ScopeKind level, History[] histories, Explanation explanation)
    {
        var config = NaiveCascade.Config(world, definition, level);
        var leaves = Leaves("", config, definition.ConfigMerge == ConfigMerge.Deep).ToList();
        Assert.Equal(leaves.Select(l => l.Pointer).Order(StringComparer.Ordinal), explanation.Config.Select(v => v.Pointer).Order(StringComparer.Ordinal));
        foreach (var value in explanation.Config)
        {
            Assert.True(JsonNode.DeepEquals(leaves.Single(l => l.Pointer == value.Pointer).Value, JsonNode.Parse(value.Json)), value.Pointer);
            Assert.Equal(Expected(world, definition, histories, d => d.Config, o => o.Config, "/config", "/configOverrides", value.Pointer), value.DecidedBy);
        }

        var flags = NaiveCascade.Flags(world, definition, level);
        Assert.Equal(Leaves("", flags, false).Select(l => l.Pointer).Order(StringComparer.Ordinal), explanation.FeatureFlags.Select(v => v.Pointer).Order(StringComparer.Ordinal));
        foreach (var flag in explanation.FeatureFlags)
        {
            Assert.True(JsonNode.DeepEquals(History.At(flags, flag.Pointer).Value, JsonNode.Parse(flag.Json)), flag.Pointer);
            Assert.Equal(
                Expected(world, definition, histories, d => d.FeatureFlags, o => o.FeatureFlags, "/featureFlags", "/featureFlagOverrides", flag.Pointer), flag.DecidedBy);
        }
    }

    // The lowest scope that has that key decides; its last change of the value there is the mark.
    private static Decision Expected(
        World world, ModuleDefinition definition, History[] histories,
        Func<ModuleDefinition, Core.Json.JsonObjectValue> top, Func<ModuleOverride, Core.Json.JsonObjectValue> below, string topField, string belowField, string pointer)
    {
        var levels = Levels(world, definition, histories.Length).ToList();
        for (var i = levels.Count - 1; i > 0; i--)
        {
            if (levels[i] is { } said && History.At(NaiveCascade.Node(below(said)), pointer).IsThere)
            {
                return new Decision(ScopeOf(i), histories[i].MarkOf(definition.Name, belowField + pointer));
            }
        }

        Assert.True(History.At(NaiveCascade.Node(top(definition)), pointer).IsThere, pointer);
        return new Decision(ScopeId.System, histories[0].MarkOf(definition.Name, topField + pointer));
    }

    private static void CheckSays(World world, ModuleDefinition definition, History[] histories, Explanation explanation)
    {
        Assert.Equal(Enumerable.Range(0, histories.Length).Select(ScopeOf), explanation.Says.Select(s => s.Scope));
        var levels = Levels(world, definition, histories.Length).ToList();
        for (var i = 0; i < histories.Length; i++)
        {
            var (says, said) = (explanation.Says[i], levels[i]);
            Assert.Equal(i == 0 || said is not null, says.HasOverride);
            Assert.Equal(i == 0 ? definition.IsEnabled : said?.IsEnabled, says.IsEnabled);
            Assert.Equal(i == 0 ? definition.Config : said?.Config ?? Core.Json.JsonObjectValue.Empty, says.Config);
            Assert.Equal(i == 0 ? definition.FeatureFlags : said?.FeatureFlags ?? Core.Json.JsonObjectValue.Empty, says.FeatureFlags);
            Assert.Equal(says.HasOverride ? histories[i].MarkOf(definition.Name, "") : null, says.LastChange);
        }
    }

    private static void CheckEnabled(World world, ModuleDefinition definition, ScopeKind level, History[] histories, Explanation explanation)
    {
        var said = Levels(world, definition, histories.Length).Select((o, i) => i == 0 ? definition.IsEnabled : o?.IsEnabled).ToList();
        var decides = NaiveCascade.IsEnabled(world, definition.Name, level) ? said.FindLastIndex(s => s is not null) : said.FindIndex(s => s == false);
        Assert.Equal(new Decision(ScopeOf(decides), histories[decides].MarkOf(definition.Name, "/isEnabled")), explanation.Enabled);
    }

    private static void CheckReasons(World world, EffectiveModule module, History[] histories, IReadOnlyList<ReasonExplanation> reasons, List<string> above)
    {
        Assert.Equal(module.Reasons, reasons.Select(r => r.Reason));
        foreach (var reason in reasons)
        {
            var expected = reason.Reason.Code switch
            {
                UnavailableCode.NotInstalled => new Decision(ScopeId.System, histories[0].MarkOf(module.Name, "/isInstalled")),
                UnavailableCode.IncompatibleVersion => new Decision(ScopeId.System, histories[0].MarkOf(module.Name, "/minCompatibleVersion")),
                UnavailableCode.DisabledBySystem => new Decision(ScopeId.System, histories[0].MarkOf(module.Name, "/isEnabled")),
                UnavailableCode.DisabledByOrg => new Decision(World.OrgScope, histories[1].MarkOf(module.Name, "/isEnabled")),
                UnavailableCode.DisabledByWorkspace => new Decision(World.WorkspaceScope, histories[2].MarkOf(module.Name, "/isEnabled")),
                _ => RootOf(world, reason.Reason.Module!, histories, (ScopeKind)(histories.Length - 1)),
            };
            Assert.Equal(expected, reason.DecidedBy);
            Assert.True(reason.Reason.Code == UnavailableCode.DependencyUnavailable || reason.Because.Count == 0);
            Assert.DoesNotContain(reason.Reason.Module, above.Where(_ => reason.Because.Count > 0));
        }
    }

    // What is to blame for a dependency is what is first to blame for the module it names, and so on downwards.
    private static Decision? RootOf(World world, string module, History[] histories, ScopeKind level)
    {
        var json = NaiveCascade.Map(world, level).SingleOrDefault(m => (string)m["name"]! == module);
        if (json is null)
        {
            return null;
        }

        var first = json["reasons"]!.AsArray().FirstOrDefault();
        return (string?)first?["code"] switch
        {
            null => new Decision(ScopeId.System, histories[0].MarkOf(module, "/version")),
            "not-installed" => new Decision(ScopeId.System, histories[0].MarkOf(module, "/isInstalled")),
            "incompatible-version" => new Decision(ScopeId.System, histories[0].MarkOf(module, "/minCompatibleVersion")),
            "disabled-by-system" => new Decision(ScopeId.System, histories[0].MarkOf(module, "/isEnabled")),
            "disabled-by-org" => new Decision(World.OrgScope, histories[1].MarkOf(module, "/isEnabled")),
            "disabled-by-workspace" => new Decision(World.WorkspaceScope, histories[2].MarkOf(module, "/isEnabled")),
            _ => RootOf(world, (string)first!["module"]!, histories, level),
        };
    }

    private static IEnumerable<(string Pointer, JsonNode? Value)> Leaves(string pointer, JsonObject node, bool deep)
    {
        foreach (var (key, value) in node)
        {
            var inner = pointer + "/" + key.Replace("~", "~0").Replace("/", "~1");
            if (deep && value is JsonObject { Count: > 0 } inside)
            {
                foreach (var leaf in Leaves(inner, inside, deep))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (inner, value);
            }
        }
    }

    private static IEnumerable<ModuleOverride?> Levels(World world, ModuleDefinition definition, int count) =>
        new[] { null, NaiveCascade.Said(world.Org, definition.Name), NaiveCascade.Said(world.Workspace, definition.Name) }.Take(count);

    private static ScopeId ScopeOf(int level) => level switch { 0 => ScopeId.System, 1 => World.OrgScope, _ => World.WorkspaceScope };

    private static Explainer Explain(ScopeId scope, SystemLayer system, ScopeLayer org, ScopeLayer? workspace)
    {
        var top = CascadeResolver.Resolve(system, null);
        var map = CascadeResolver.Resolve(World.OrgScope, World.OrgScope, top, org, null);
        if (scope.Kind == ScopeKind.Workspace)
        {
            map = CascadeResolver.Resolve(scope, World.OrgScope, map, workspace!, null);
        }

        var version = new MapVersion(scope.Kind, system.Revision, org.Revision, scope.Kind == ScopeKind.Workspace ? workspace!.Revision : 0);
        return new Explainer(scope, World.OrgScope.Id, new ScopeView(map, version), system, org, scope.Kind == ScopeKind.Workspace ? workspace : null);
    }

    private static (History System, History Org, History Workspace) Histories(Dice dice) => (
        new History(dice, ScopeId.System, null, 4 + dice.Below(8)),
        new History(dice, World.OrgScope, null, 1 + dice.Below(10)),
        new History(dice, World.WorkspaceScope, World.OrgScope.Id, 1 + dice.Below(10)));

    private static World WorldOf(History system, History org, History workspace) => new(
        [.. ((SystemLayer)system.Layer!).Definitions.Values.Select(d => d.Definition)],
        ((SystemLayer)system.Layer!).HostVersion,
        [.. ((ScopeLayer)org.Layer!).Overrides.ToArray().Select(o => o.Override)],
        [.. ((ScopeLayer)workspace.Layer!).Overrides.ToArray().Select(o => o.Override)]);

    private static IEnumerable<ReasonExplanation> Flatten(IEnumerable<ReasonExplanation> reasons) => reasons.SelectMany(r => Flatten(r.Because).Prepend(r));

    private static int Count(IEnumerable<ReasonExplanation> reasons) => Flatten(reasons).Count();

    private static ModuleDefinition Plain(string name) => new() { Name = name, DisplayName = name };

    private static ModuleDependency Need(string name) => new(name, VersionRange.Any, false);
}
