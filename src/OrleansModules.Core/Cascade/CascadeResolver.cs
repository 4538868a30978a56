using NuGet.Versioning;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Versions;

namespace OrleansModules.Core.Cascade;

/// <summary>Resolves layers to effective maps (laws L1 to L6, L8, L9). Pure: no I/O, no clock, no state.</summary>
public static class CascadeResolver
{
    private static readonly UnavailableReason[] None = [];

    /// <summary>The system's map.</summary>
    /// <param name="layer">What the system says.</param>
    /// <param name="previous">An earlier map of the system; its objects are kept where nothing changed. Null when there is none.</param>
    public static EffectiveMap Resolve(SystemLayer layer, EffectiveMap? previous)
    {
        var definitions = layer.Definitions.Values.Select(e => e.Definition).Where(d => !d.IsRemoved)
            .OrderBy(d => d.Tier).ThenBy(d => d.Name, StringComparer.Ordinal).ToList();
        var index = new ModuleIndex(definitions, layer.HostVersion);
        var modules = new EffectiveModule[definitions.Count];
        foreach (var ordinal in index.InOrder)
        {
            var definition = definitions[ordinal];
            var reasons = ReasonsOf(definition, null, null, layer.HostVersion, name => index.Find(name) is >= 0 and var i ? modules[i] : null, ScopeId.System, ScopeId.System);
            modules[ordinal] = previous?.Find(definition.Name) is { } kept && kept.Equals(definition, null, null, reasons)
                ? kept
                : new EffectiveModule(definition, null, null, reasons);
        }

        return new EffectiveMap(index, modules);
    }

    /// <summary>The map of an organization or workspace.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="parent">The parent's map: the system's for an organization, the organization's for a workspace.</param>
    /// <param name="orgScope">The organization of a workspace; the scope itself for an organization.</param>
    /// <param name="layer">What the scope says.</param>
    /// <param name="previous">An earlier map of the same scope; its objects are kept where nothing changed. Null when there is none.</param>
    /// <returns><paramref name="parent"/> itself where the layer makes no difference (law L8).</returns>
    public static EffectiveMap Resolve(ScopeId scope, ScopeId orgScope, EffectiveMap parent, ScopeLayer layer, EffectiveMap? previous)
    {
        if (layer.SaysNothing)
        {
            return parent;
        }

        var index = parent.Index;
        var differing = new SortedDictionary<int, EffectiveModule>();
        var pending = new PriorityQueue<int, int>();
        foreach (var entry in layer.Overrides)
        {
            if (!entry.Override.SaysNothing && index.Find(entry.Override.Module) is >= 0 and var ordinal)
            {
                pending.Enqueue(ordinal, index.RankOf(ordinal));
            }
        }

        // In order of dependency, so that a module is resolved once, after all it requires. A module is touched by the layer or by a
        // dependency whose availability is not what it is for the parent.
        var last = -1;
        while (pending.TryDequeue(out var ordinal, out _))
        {
            if (ordinal == last)
            {
                continue;
            }

            last = ordinal;
            var inherited = parent[ordinal];
            var resolved = ResolveOne(scope, orgScope, inherited, layer.Find(inherited.Name)?.Override, parent, differing, previous);
            if (ReferenceEquals(resolved, inherited))
            {
                continue;
            }

            differing[ordinal] = resolved;
            if (resolved.IsAvailable != inherited.IsAvailable)
            {
                foreach (var dependent in index.DependentsOf(ordinal))
                {
                    pending.Enqueue(dependent, index.RankOf(dependent));
                }
            }
        }

        return differing.Count == 0 ? parent : new EffectiveMap(parent, layer, [.. differing.Keys.Select(o => checked((ushort)o))], [.. differing.Values]);
    }

    private static EffectiveModule ResolveOne(
        ScopeId scope, ScopeId orgScope, EffectiveModule inherited, ModuleOverride? said, EffectiveMap parent, SortedDictionary<int, EffectiveModule> differing, EffectiveMap? previous)
    {
        said = said is { SaysNothing: true } ? null : said;
        var org = scope.Kind == ScopeKind.Org ? said : inherited.Org;
        var workspace = scope.Kind == ScopeKind.Workspace ? said : null;
        EffectiveModule? Here(string name) =>
            parent.Index.Find(name) is not (>= 0 and var i) ? null : differing.TryGetValue(i, out var changed) ? changed : parent[i];
        var reasons = ReasonsOf(inherited.Definition, org, workspace, parent.HostVersion, Here, orgScope, scope);
        if (inherited.Equals(inherited.Definition, org, workspace, reasons))
        {
            return inherited;
        }

        return previous?.Find(inherited.Name) is { } kept && kept.Equals(inherited.Definition, org, workspace, reasons)
            ? kept
            : new EffectiveModule(inherited.Definition, org, workspace, reasons);
    }

    /// <summary>Law L6: everything that speaks against a module, in the order of <see cref="UnavailableCode"/>.</summary>
    private static UnavailableReason[] ReasonsOf(
        ModuleDefinition definition, ModuleOverride? org, ModuleOverride? workspace, SemanticVersion? hostVersion, Func<string, EffectiveModule?> here, ScopeId orgScope, ScopeId scope)
    {
        List<UnavailableReason>? reasons = null;
        void Blame(UnavailableCode code, ScopeId blamed) => (reasons ??= []).Add(new UnavailableReason(code, blamed, null));
        void BlameModule(UnavailableCode code, string module) => (reasons ??= []).Add(new UnavailableReason(code, null, module));

        if (!definition.IsInstalled)
        {
            BlameModule(UnavailableCode.NotInstalled, definition.Name);
        }

        if (!definition.IsEnabled)
        {
            Blame(UnavailableCode.DisabledBySystem, ScopeId.System);
        }

        if (org?.IsEnabled == false)
        {
            Blame(UnavailableCode.DisabledByOrg, orgScope);
        }

        if (workspace?.IsEnabled == false)
        {
            Blame(UnavailableCode.DisabledByWorkspace, scope);
        }

        if (hostVersion is not null && definition.MinCompatibleVersion is { } lowest && SemVerOrder.Compare(hostVersion, lowest) < 0)
        {
            BlameModule(UnavailableCode.IncompatibleVersion, definition.Name);
        }

        var firstDependency = reasons?.Count ?? 0;
        foreach (var dependency in definition.Dependencies)
        {
            if (!dependency.IsOptional && !(here(dependency.Name) is { IsAvailable: true } needed && dependency.Range.Contains(needed.Definition.Version)))
            {
                BlameModule(UnavailableCode.DependencyUnavailable, dependency.Name);
            }
        }

        reasons?.Sort(firstDependency, reasons.Count - firstDependency, Comparer<UnavailableReason>.Create((a, b) => string.CompareOrdinal(a.Module, b.Module)));
        return reasons is null ? None : [.. reasons];
    }
}
