using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Replication;

/// <summary>Scopes that are being read from the record, and scopes that the record was found not to have. Not safe for concurrent use.</summary>
internal sealed class ScopeLoads
{
    private const int MaxAbsent = 100_000;
    private const long Outdated = long.MaxValue;

    private readonly Dictionary<ScopeId, long> _needed = [];
    private readonly HashSet<ScopeId> _absent = [];

    public bool IsAbsent(ScopeId scope) => _absent.Contains(scope);

    public bool Begin(ScopeId scope) => !_absent.Contains(scope) && _needed.TryAdd(scope, 0);

    /// <summary>Notes that a scope has reached a revision: an older answer is not enough any more.</summary>
    public void Changed(ScopeId scope, long revision)
    {
        _absent.Remove(scope);
        if (_needed.TryGetValue(scope, out var needed) && needed < revision)
        {
            _needed[scope] = revision;
        }
    }

    /// <summary>Ends a load, unless what was read is older than what is needed.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="revision">The revision that was read; 0 where the record has nothing.</param>
    public bool TryEnd(ScopeId scope, long revision)
    {
        if (!_needed.TryGetValue(scope, out var needed))
        {
            throw new InvalidOperationException($"No load of {scope} is under way.");
        }

        if (needed == Outdated)
        {
            _needed[scope] = 0;
            return false;
        }

        if (revision < needed)
        {
            return false;
        }

        _needed.Remove(scope);
        if (revision == 0)
        {
            if (_absent.Count == MaxAbsent)
            {
                _absent.Clear();
            }

            _absent.Add(scope);
        }

        return true;
    }

    public void GiveUp(ScopeId scope) => _needed.Remove(scope);

    /// <summary>The record was restored: what is being read was read before, and has to be read again.</summary>
    public void StartAgain()
    {
        _absent.Clear();
        foreach (var scope in _needed.Keys.ToArray())
        {
            _needed[scope] = Outdated;
        }
    }
}
