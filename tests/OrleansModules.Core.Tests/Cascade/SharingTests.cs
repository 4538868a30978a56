using System.Collections.Immutable;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Cascade;

[Requirement("L8")]
public sealed class SharingTests
{
    [Fact]
    public void Scope_that_overrides_nothing_has_the_same_map_object() => Laws.HoldForWorlds(300, world =>
    {
        var (system, org, _) = world.Resolve();
        var nothing = World.LayerOf([], null);
        var emptyOnes = World.LayerOf(Dice.Modules.Select(ModuleOverride.Nothing), null);
        var unknown = World.LayerOf([new("ghost", false, new Dice(1).Object(2), new Dice(2).FlagSet())], null);
        foreach (var layer in new[] { nothing, emptyOnes, unknown })
        {
            Assert.Same(system, CascadeResolver.Resolve(World.OrgScope, World.OrgScope, system, layer, null));
            Assert.Same(org, CascadeResolver.Resolve(World.WorkspaceScope, World.OrgScope, org, layer, org));
        }
    });

    [Fact]
    public void Override_makes_new_objects_only_where_the_answer_can_differ() => Laws.HoldForWorlds(500, world =>
    {
        var (system, org, workspace) = world.Resolve();
        AssertOnlyTouched(system, org, world.Org, world);
        AssertOnlyTouched(org, workspace, world.Workspace, world);
    });

    [Fact]
    public void Changed_layer_makes_new_objects_only_for_touched_modules_and_dependents_whose_answer_changed() => Laws.HoldForDice(600, dice =>
    {
        var world = dice.World();
        var (system, org, workspace) = world.Resolve();
        for (var step = 2; step < 6; step++)
        {
            var (next, touched) = Change(world, dice);
            var systemLayer = next.Definitions == world.Definitions && next.HostVersion == world.HostVersion ? null : Carry(world, next, step);
            var nextSystem = systemLayer is null ? system : CascadeResolver.Resolve(systemLayer, system);
            var nextOrg = CascadeResolver.Resolve(World.OrgScope, World.OrgScope, nextSystem, next.OrgLayer(step), org);
            var nextWorkspace = CascadeResolver.Resolve(World.WorkspaceScope, World.OrgScope, nextOrg, next.WorkspaceLayer(step), workspace);

            var scratch = next.Resolve();
            MapAssert.SameBytes(scratch.System, nextSystem);
            MapAssert.SameBytes(scratch.Org, nextOrg);
            MapAssert.SameBytes(scratch.Workspace, nextWorkspace);
            AssertKept(system, nextSystem, null, touched);
            AssertKept(org, nextOrg, nextSystem, touched);
            AssertKept(workspace, nextWorkspace, nextOrg, touched);
            (world, system, org, workspace) = (next, nextSystem, nextOrg, nextWorkspace);
        }
    });

    [Fact]
    public void ChangedSince_names_what_differs_and_nothing_else() => Laws.HoldForDice(300, dice =>
    {
        var world = dice.World();
        var before = world.Resolve().Workspace;
        var (next, _) = Change(world, dice);
        var system = CascadeResolver.Resolve(Carry(world, next, 2), CascadeResolver.Resolve(world.SystemLayer(), null));
        var org = CascadeResolver.Resolve(World.OrgScope, World.OrgScope, system, next.OrgLayer(2), null);
        var after = CascadeResolver.Resolve(World.WorkspaceScope, World.OrgScope, org, next.WorkspaceLayer(2), before);

        var changed = after.ChangedSince(before);
        Assert.Equal(changed.Distinct(), changed);
        foreach (var name in Dice.Modules)
        {
            var (old, now) = (before.Find(name), after.Find(name));
            if ((old is null) != (now is null) || (old is not null && MapAssert.Text(old) != MapAssert.Text(now!)))
            {
                Assert.Contains(name, changed);
            }
            else if (ReferenceEquals(old, now))
            {
                Assert.DoesNotContain(name, changed);
            }
        }

        Assert.Empty(after.ChangedSince(after));
    });

    private static void AssertOnlyTouched(EffectiveMap parent, EffectiveMap map, ImmutableArray<ModuleOverride> overrides, World world)
    {
        foreach (var module in map)
        {
            var inherited = parent.Find(module.Name)!;
            var touched = NaiveCascade.Said(overrides, module.Name) is { SaysNothing: false };
            if (touched)
            {
                Assert.NotSame(inherited, module);
            }
            else if (MapAssert.Text(inherited) == MapAssert.Text(module))
            {
                Assert.Same(inherited, module);
            }
            else
            {
                Assert.True(DependsOnTouched(world, module.Name, overrides, []), $"{module.Name} differs although nothing it requires was touched");
            }
        }
    }

    private static bool DependsOnTouched(World world, string module, ImmutableArray<ModuleOverride> overrides, HashSet<string> seen) =>
        seen.Add(module) && NaiveCascade.Find(world, module) is { } d && d.Dependencies.Any(n =>
            !n.IsOptional && (NaiveCascade.Said(overrides, n.Name) is { SaysNothing: false } || DependsOnTouched(world, n.Name, overrides, seen)));

    // What says the same is the object of the map before or, where the parent says the same now, the parent's.
    private static void AssertKept(EffectiveMap before, EffectiveMap after, EffectiveMap? parent, string touched)
    {
        foreach (var module in after)
        {
            if (module.Name != touched && before.Find(module.Name) is { } old && MapAssert.Text(old) == MapAssert.Text(module))
            {
                Assert.True(ReferenceEquals(old, module) || ReferenceEquals(parent?.Find(module.Name), module), $"{module.Name} is a new object");
            }
        }
    }

    // One change of one layer, with every other definition and override the same object as before.
    private static (World World, string Touched) Change(World world, Dice dice)
    {
        var module = dice.Pick(Dice.Modules);
        switch (dice.Below(5))
        {
            case 0:
                return (world with { Org = [.. world.Org.Where(o => o.Module != module), dice.Override(module)] }, module);
            case 1:
                return (world with { Workspace = [.. world.Workspace.Where(o => o.Module != module), dice.Override(module)] }, module);
            case 2:
                return (world with { Org = [.. world.Org.Where(o => o.Module != module)], }, module);
            case 3 when NaiveCascade.Find(world, module) is { } d:
                return (world with { Definitions = world.Definitions.Replace(d, dice.Chance(50) ? d with { IsEnabled = !d.IsEnabled } : d with { IsRemoved = true }) }, module);
            default:
                return (world with { HostVersion = dice.Chance(50) ? null : new(1, 0, 0) }, "");
        }
    }

    private static SystemLayer Carry(World before, World after, int revision)
    {
        var old = before.SystemLayer();
        Assert.All(old.Definitions.Values, e => Assert.Contains(e.Definition, before.Definitions));
        return after.SystemLayer(revision);
    }
}
