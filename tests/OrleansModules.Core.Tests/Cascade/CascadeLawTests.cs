using System.Text.Json.Nodes;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Cascade;

public sealed class CascadeLawTests
{
    [Fact]
    [Requirement("L1"), Requirement("L4"), Requirement("L5"), Requirement("L6"), Requirement("L9")]
    [Invariant("I17")]
    public void Map_of_every_level_says_what_the_oracle_says() => Laws.HoldForWorlds(2500, world =>
    {
        var (system, org, workspace) = world.Resolve();
        MapAssert.Says(NaiveCascade.Map(world, ScopeKind.System), system);
        MapAssert.Says(NaiveCascade.Map(world, ScopeKind.Org), org);
        MapAssert.Says(NaiveCascade.Map(world, ScopeKind.Workspace), workspace);
    });

    [Fact]
    [Requirement("L2")]
    [Invariant("I17")]
    public void Nothing_below_turns_on_what_is_off_above() => Laws.HoldForWorlds(300, world =>
    {
        var (system, org, workspace) = world.Resolve();
        Assert.All(org, m => Assert.True(!m.IsEnabled || system.Find(m.Name)!.IsEnabled, m.Name));
        Assert.All(workspace, m => Assert.True(!m.IsEnabled || org.Find(m.Name)!.IsEnabled, m.Name));
        Assert.All(org, m => Assert.True(!m.IsAvailable || system.Find(m.Name)!.IsAvailable, m.Name));
        Assert.All(workspace, m => Assert.True(!m.IsAvailable || org.Find(m.Name)!.IsAvailable, m.Name));
    });

    [Fact]
    [Requirement("L2", "a masked true comes back")]
    [Invariant("I17")]
    public void Stored_true_under_a_disabled_parent_comes_back_when_the_parent_is_enabled() => Laws.HoldForWorlds(300, world =>
    {
        var off = world with { Definitions = [.. world.Definitions.Select(d => d with { IsEnabled = false })] };
        var on = world with { Definitions = [.. world.Definitions.Select(d => d with { IsEnabled = true })] };
        var before = CascadeResolver.Resolve(off.SystemLayer(1), null);
        var org = CascadeResolver.Resolve(World.OrgScope, World.OrgScope, before, off.OrgLayer(), null);
        var workspace = CascadeResolver.Resolve(World.WorkspaceScope, World.OrgScope, org, off.WorkspaceLayer(), null);
        Assert.All(workspace, m => Assert.False(m.IsEnabled));
        Assert.All(workspace, m => Assert.Equal(NaiveCascade.Said(world.Workspace, m.Name)?.IsEnabled, m.Workspace?.IsEnabled));

        var after = CascadeResolver.Resolve(on.SystemLayer(2), before);
        var orgAfter = CascadeResolver.Resolve(World.OrgScope, World.OrgScope, after, on.OrgLayer(), org);
        var workspaceAfter = CascadeResolver.Resolve(World.WorkspaceScope, World.OrgScope, orgAfter, on.WorkspaceLayer(), workspace);
        MapAssert.Says(NaiveCascade.Map(on, ScopeKind.Workspace), workspaceAfter);
    });

    [Fact]
    [Requirement("L1"), Requirement("L2")]
    public void Golden_table_is_what_the_resolver_answers()
    {
        var rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Cascade", "cascade-truth-table.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(32, rows.Count);
        Assert.All(rows, row =>
        {
            var world = World.Empty with
            {
                Definitions = [new Dice(1).Definition("kb", []) with { IsEnabled = bool.Parse(row[0]), IsInstalled = true, Dependencies = [], MinCompatibleVersion = null }],
                Org = Golden(row[1]),
                Workspace = Golden(row[2]),
            };
            var module = world.Resolve().Workspace.Find("kb")!;
            var json = MapAssert.Json(module);
            Assert.Equal(bool.Parse(row[3]), module.IsEnabled);
            Assert.Equal(row[3], Word(json["isEnabled"]));
            Assert.Equal(row[4], Word(json["systemEnabled"]));
            Assert.Equal(row[5], Word(json["orgEnabled"]));
            Assert.Equal(row[6], Word(json["wsEnabled"]));
            Assert.Equal(row[3], Word(json["isAvailable"]));
        });
    }

    [Fact]
    [Requirement("L6", "reasons in order, with who is to blame")]
    public void Module_with_everything_against_it_lists_every_reason_in_order()
    {
        var dice = new Dice(7);
        var world = World.Empty with
        {
            HostVersion = new(1, 0, 0),
            Definitions =
            [
                dice.Definition("kb", []) with
                {
                    IsInstalled = false, IsEnabled = false, MinCompatibleVersion = new(2, 0, 0),
                    Dependencies =
                    [
                        new("ws", Core.Versions.VersionRange.Parse("^9.0.0"), false), new("ghost", Core.Versions.VersionRange.Any, false),
                        new("gone", Core.Versions.VersionRange.Any, false), new("other", Core.Versions.VersionRange.Any, true),
                    ],
                },
                dice.Definition("ws", []) with { IsInstalled = true, IsEnabled = true, MinCompatibleVersion = null, Dependencies = [], Version = new(1, 0, 0) },
                dice.Definition("gone", []) with { IsRemoved = true },
            ],
            Org = [new("kb", false, Core.Json.JsonObjectValue.Empty, Core.Json.JsonObjectValue.Empty)],
            Workspace = [new("kb", false, Core.Json.JsonObjectValue.Empty, Core.Json.JsonObjectValue.Empty)],
        };
        var reasons = world.Resolve().Workspace.Find("kb")!.Reasons.Select(r => $"{r.Word} {r.Scope?.ToString() ?? r.Module}");
        Assert.Equal(
            [
                "not-installed kb", "disabled-by-system system", "disabled-by-org org/acme", "disabled-by-workspace workspace/acme-1", "incompatible-version kb",
                "dependency-unavailable ghost", "dependency-unavailable gone", "dependency-unavailable ws",
            ],
            reasons);
    }

    [Fact]
    [Requirement("L6", "a stored cycle resolves, and its members are unavailable")]
    public void Cycle_of_dependencies_is_unavailable_and_ends() => Laws.HoldForWorlds(200, world =>
    {
        if (world.Definitions.Length < 2)
        {
            return;
        }

        var (first, last) = (world.Definitions[0], world.Definitions[^1]);
        var cyclic = world with
        {
            Definitions = world.Definitions
                .Replace(first, first with { Dependencies = [new(last.Name, Core.Versions.VersionRange.Any, false)] })
                .Replace(last, last with { Dependencies = [new(first.Name, Core.Versions.VersionRange.Any, false)] }),
        };
        var (system, org, workspace) = cyclic.Resolve();
        Assert.All(new[] { system, org, workspace }, map => Assert.False(map.Find(first.Name)?.IsAvailable ?? false));
        MapAssert.Says(NaiveCascade.Map(cyclic, ScopeKind.Workspace), workspace);
    });

    private static System.Collections.Immutable.ImmutableArray<Core.Modules.ModuleOverride> Golden(string word) => word switch
    {
        "absent" => [],
        _ => [new("kb", word == "null" ? null : bool.Parse(word), Core.Json.JsonObjectValue.Empty, Core.Json.JsonObjectValue.Empty)],
    };

    private static string Word(JsonNode? value) => value?.ToJsonString() ?? "null";
}
