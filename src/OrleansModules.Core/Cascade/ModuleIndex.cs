using System.Collections.Frozen;
using NuGet.Versioning;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Cascade;

/// <summary>The order of the modules of a system layer, and who depends on whom. Immutable, shared by all maps below one system map.</summary>
internal sealed class ModuleIndex
{
    private readonly FrozenDictionary<string, int> _ordinals;
    private readonly int[][] _dependents;
    private readonly int[] _ranks;

    /// <summary>Indexes definitions.</summary>
    /// <param name="definitions">Ordered by tier, then name (law L9); no removed ones.</param>
    /// <param name="hostVersion">See <see cref="HostVersion"/>.</param>
    public ModuleIndex(IReadOnlyList<ModuleDefinition> definitions, SemanticVersion? hostVersion)
    {
        HostVersion = hostVersion;
        _ordinals = definitions.Select((d, i) => (d.Name, i)).ToFrozenDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        var dependents = Enumerable.Range(0, definitions.Count).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < definitions.Count; i++)
        {
            foreach (var dependency in definitions[i].Dependencies.Where(d => !d.IsOptional))
            {
                if (_ordinals.TryGetValue(dependency.Name, out var needed))
                {
                    dependents[needed].Add(i);
                }
            }
        }

        _dependents = Array.ConvertAll(dependents, d => d.ToArray());
        (_ranks, InOrder) = Rank(_dependents);
    }

    /// <summary>The version of the host that compatibility is checked against; null checks nothing.</summary>
    public SemanticVersion? HostVersion { get; }

    /// <summary>How many modules there are.</summary>
    public int Count => _dependents.Length;

    /// <summary>Ordinals, every module after all it requires.</summary>
    public int[] InOrder { get; }

    /// <summary>The place of a module in the list; -1 when it is not there.</summary>
    public int Find(string module) => _ordinals.TryGetValue(module, out var ordinal) ? ordinal : -1;

    /// <summary>The modules that require a module directly.</summary>
    public ReadOnlySpan<int> DependentsOf(int ordinal) => _dependents[ordinal];

    /// <summary>A module's place in <see cref="InOrder"/>.</summary>
    public int RankOf(int ordinal) => _ranks[ordinal];

    // Kahn's algorithm. Cycles are refused at write; should one be stored all the same, its members come last and, each missing the
    // other's availability, are unavailable.
    private static (int[] Ranks, int[] InOrder) Rank(int[][] dependents)
    {
        var waitsFor = new int[dependents.Length];
        foreach (var dependent in dependents.SelectMany(d => d))
        {
            waitsFor[dependent]++;
        }

        var order = new List<int>(dependents.Length);
        order.AddRange(Enumerable.Range(0, dependents.Length).Where(i => waitsFor[i] == 0));
        for (var next = 0; next < order.Count; next++)
        {
            foreach (var dependent in dependents[order[next]])
            {
                if (--waitsFor[dependent] == 0)
                {
                    order.Add(dependent);
                }
            }
        }

        order.AddRange(Enumerable.Range(0, dependents.Length).Where(i => waitsFor[i] > 0));
        var ranks = new int[dependents.Length];
        for (var rank = 0; rank < order.Count; rank++)
        {
            ranks[order[rank]] = rank;
        }

        return (ranks, [.. order]);
    }
}
