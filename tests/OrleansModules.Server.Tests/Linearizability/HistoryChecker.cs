namespace OrleansModules.Server.Tests.Linearizability;

/// <summary>Says whether a recorded history can have come from one register per scope, each with a revision that is compared and then set.</summary>
/// <remarks>
/// Revisions order the writes of a scope, so no search is needed: every rule is about pairs. Quadratic, which is fine for some thousands.
/// </remarks>
internal static class HistoryChecker
{
    /// <summary>Everything that is wrong with a history; empty where nothing is.</summary>
    /// <param name="history">The operations, in any order.</param>
    /// <param name="initial">Revision and value of each scope before the first of them.</param>
    public static List<string> Check(IReadOnlyCollection<Operation> history, params IReadOnlyList<Sight> initial)
    {
        var violations = new List<string>();
        foreach (var start in initial)
        {
            var writes = history.OfType<Write>().Where(w => w.Scope.Equals(start.Scope, StringComparison.Ordinal)).ToList();
            var reads = history.OfType<Read>().SelectMany(r => r.Seen.Where(s => s.Scope.Equals(start.Scope, StringComparison.Ordinal)).Select(s => (Read: r, Sight: s))).ToList();
            CheckWrites(start, writes, violations);
            CheckRefusals(writes, violations);
            CheckValues(start, writes, reads, violations);
            CheckOrder([.. writes.Where(w => w.Revision is not null).Select(w => ((Operation)w, w.Revision!.Value, true)), .. reads.Select(r => ((Operation)r.Read, r.Sight.Revision, false))], violations);
        }

        return violations;
    }

    /// <summary>Exactly one of the writers that were based on a revision made the next one.</summary>
    private static void CheckWrites(Sight start, List<Write> writes, List<string> violations)
    {
        var next = start.Revision;
        foreach (var write in writes.Where(w => w.Revision is not null).OrderBy(w => w.Revision))
        {
            next++;
            if (write.Revision != next)
            {
                violations.Add($"Revisions are not one each: expected {next}, got {write}.");
                next = write.Revision!.Value; // those without one are left out above
            }

            if (write.Revision != write.IfRevision + 1)
            {
                violations.Add($"Accepted though it was based on another revision: {write}.");
            }
        }
    }

    /// <summary>A write is refused only if another can have won by then.</summary>
    private static void CheckRefusals(List<Write> writes, List<string> violations)
    {
        foreach (var refused in writes.Where(w => w.Revision is null))
        {
            if (!writes.Exists(w => w.Revision == refused.IfRevision + 1 && !refused.IsBefore(w)))
            {
                violations.Add($"Refused though nobody else won: {refused}.");
            }
        }
    }

    /// <summary>A read shows the value that was written at its revision.</summary>
    private static void CheckValues(Sight start, List<Write> writes, List<(Read Read, Sight Sight)> reads, List<string> violations)
    {
        var values = writes.Where(w => w.Revision is not null).GroupBy(w => w.Revision!.Value).ToDictionary(g => g.Key, g => g.First().Value);
        foreach (var (read, sight) in reads)
        {
            if (!(sight.Revision == start.Revision ? sight == start : values.TryGetValue(sight.Revision, out var value) && value.Equals(sight.Value, StringComparison.Ordinal)))
            {
                violations.Add($"Nobody wrote what was read: {sight} by {read.Invoked}..{read.Returned}.");
            }
        }
    }

    /// <summary>What was over before something else began is not newer than it. A write is newer than all that was over before.</summary>
    private static void CheckOrder(List<(Operation Operation, long Revision, bool IsWrite)> steps, List<string> violations)
    {
        foreach (var earlier in steps)
        {
            foreach (var later in steps)
            {
                if (earlier.Operation.IsBefore(later.Operation) && (later.IsWrite ? later.Revision <= earlier.Revision : later.Revision < earlier.Revision))
                {
                    violations.Add($"Went back: {earlier.Revision} by {earlier.Operation}, then {later.Revision} by {later.Operation}.");
                }
            }
        }
    }
}
