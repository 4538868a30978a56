using System.Collections.Immutable;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Tests.Tree;

/// <summary>A tree beside a model of it that keeps every layer it was ever given, and checks the tree after every step.</summary>
/// <remarks>As in the product, a layer is loaded under a pin and is at least as new as every layer applied before.</remarks>
internal sealed class TreeModel(Dice dice)
{
    private static readonly string[] Orgs = ["o1", "o2"];
    private static readonly string[] Workspaces = ["w1", "w2", "w3"];

    private readonly ModuleTree _tree = new();
    private readonly Dictionary<ScopeId, SortedList<long, Layer>> _written = [];
    private readonly Dictionary<ScopeId, Layer> _held = [];
    private readonly Dictionary<ScopeId, MapVersion> _seen = [];
    private readonly Dictionary<Layer, (World World, bool IsDeleted)> _worlds = [];

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var scope = AnyScope();
            switch (dice.Below(8))
            {
                case 0 when scope.Kind == ScopeKind.Workspace:
                    Assert.Equal(_held.Remove(scope), _tree.Evict(scope));
                    break;
                case 1 when scope.Kind == ScopeKind.Workspace:
                    Load(scope);
                    break;
                case 2:
                    Repeat(scope);
                    break;
                case 3:
                    Assert.Equal(_held.GetValueOrDefault(scope)?.Revision, scope.Kind == ScopeKind.System ? Zero(_tree.FindLayer(scope)) : _tree.FindLayer(scope)?.Revision);
                    break;
                default:
                    Push(scope);
                    break;
            }

            Array.ForEach(AllScopes(), Check);
        }
    }

    private void Push(ScopeId scope)
    {
        var layer = Write(scope);
        Assert.True(_tree.Apply(scope, layer));
        _held[scope] = layer;
    }

    // A layer that was applied before, again: stale or a duplicate. Only while the scope is held, since an owner's pushes are ordered
    // and a load gives the newest.
    private void Repeat(ScopeId scope)
    {
        if (_held.TryGetValue(scope, out _))
        {
            var layers = _written[scope].Values;
            Assert.False(_tree.Apply(scope, layers[dice.Below(layers.Count)]));
        }
    }

    private void Load(ScopeId scope)
    {
        using (_tree.Pin(scope, OrgOf(scope)))
        {
            Assert.False(_tree.Evict(scope));
            var stored = _written.TryGetValue(scope, out var layers) ? layers.Values[^1] : Write(scope);
            if (dice.Chance(30))
            {
                Push(scope);
            }

            var isNewer = !_held.TryGetValue(scope, out var held) || stored.Revision > held.Revision;
            Assert.Equal(isNewer, _tree.Apply(scope, stored));
            if (isNewer)
            {
                _held[scope] = stored;
            }
        }
    }

    private void Check(ScopeId scope)
    {
        var org = scope.Kind == ScopeKind.Workspace ? ScopeId.Org(OrgOf(scope)) : scope;
        var exists = scope.Kind == ScopeKind.System || (Lives(scope) && Lives(org));
        Assert.Equal(exists, _tree.TryReadVersion(scope, out var version));
        Assert.Equal(exists, _tree.TryRead(scope, out var view));
        if (!exists)
        {
            return;
        }

        var system = _held.GetValueOrDefault(ScopeId.System);
        var expected = new MapVersion(
            scope.Kind, system?.Revision ?? 0, scope.Kind == ScopeKind.System ? 0 : _held[org].Revision, scope.Kind == ScopeKind.Workspace ? _held[scope].Revision : 0);
        Assert.Equal(expected, view.Version);
        Assert.Equal(expected, version);
        Assert.True(!_seen.TryGetValue(scope, out var seen) || view.Version.IsAtLeast(seen), $"{scope} went back from {seen} to {view.Version}");
        _seen[scope] = view.Version;

        var top = system is null ? World.Empty : _worlds[system].World;
        var world = top with
        {
            Org = scope.Kind == ScopeKind.System ? [] : _worlds[_held[org]].World.Org,
            Workspace = scope.Kind == ScopeKind.Workspace ? _worlds[_held[scope]].World.Workspace : [],
        };
        if (dice.Chance(10))
        {
            MapAssert.Says(NaiveCascade.Map(world, scope.Kind, org, scope), view.Map);
        }
    }

    private bool Lives(ScopeId scope) => _held.TryGetValue(scope, out var layer) && !layer.IsDeleted;

    private Layer Write(ScopeId scope)
    {
        var written = _written.TryGetValue(scope, out var known) ? known : _written[scope] = [];
        var revision = written.Count == 0 ? 1 + dice.Below(3) : written.Keys[^1] + 1 + dice.Below(2);
        var isDeleted = scope.Kind != ScopeKind.System && dice.Chance(8);
        var overrides = dice.Overrides();
        var world = scope.Kind switch
        {
            ScopeKind.System => dice.World(),
            ScopeKind.Org => World.Empty with { Org = overrides },
            _ => World.Empty with { Workspace = overrides },
        };
        Layer layer = scope.Kind switch
        {
            ScopeKind.System => world.SystemLayer(revision),
            _ => LayerOf(overrides, scope.Kind == ScopeKind.Workspace ? OrgOf(scope) : null, revision, isDeleted),
        };
        written.Add(revision, layer);
        _worlds[layer] = (world, isDeleted);
        return layer;
    }

    private static ScopeLayer LayerOf(ImmutableArray<ModuleOverride> overrides, string? orgId, long revision, bool isDeleted) =>
        isDeleted ? new ScopeLayer(revision, new ScopeProperties(null, orgId, IsDeleted: true, null), []) : World.LayerOf(overrides, orgId, revision);

    private ScopeId AnyScope() => dice.Pick(AllScopes());

    private static ScopeId[] AllScopes() => [ScopeId.System, .. Orgs.Select(ScopeId.Org), .. Workspaces.Select(ScopeId.Workspace)];

    private static string OrgOf(ScopeId workspace) => workspace.Id == "w3" ? "o2" : "o1";

    private static long? Zero(Layer? layer) => layer?.Revision is 0 ? null : layer?.Revision;
}
