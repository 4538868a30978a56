namespace OrleansModules.Storage.Journal;

/// <summary>Ids of scopes that are put in order only when somebody lists them.</summary>
/// <remarks>
/// <see cref="Add"/> and <see cref="TakeAdded"/> are for whoever holds the state's lock; the rest is for whoever holds the lock of
/// the lists. So a writer never waits for a sort. Ids are never taken out: those who list skip deleted scopes.
/// </remarks>
internal sealed class OrderedIds
{
    private const int FewAdded = 16;

    private List<string> _ordered = [];
    private List<string> _added;

    /// <summary>Makes a list.</summary>
    /// <param name="added">Ids that are there already, in any order; kept, not copied.</param>
    public OrderedIds(List<string>? added = null) => _added = added ?? [];

    /// <summary>Adds an id; one that is there already is fine.</summary>
    public void Add(string id) => _added.Add(id);

    /// <summary>Takes what was added since the last call.</summary>
    public List<string> TakeAdded()
    {
        var added = _added;
        _added = [];
        return added;
    }

    /// <summary>Puts ids in their places.</summary>
    /// <param name="added">What <see cref="TakeAdded"/> gave; not used by the caller any more.</param>
    public void Merge(List<string> added)
    {
        if (added.Count <= FewAdded && _ordered.Count > 0)
        {
            foreach (var id in added)
            {
                var index = _ordered.BinarySearch(id, StringComparer.Ordinal);
                if (index < 0)
                {
                    _ordered.Insert(~index, id);
                }
            }

            return;
        }

        added.AddRange(_ordered);
        added.Sort(StringComparer.Ordinal);
        _ordered = added;
    }

    /// <summary>Ids after one, in order. An id may be there twice in a row.</summary>
    /// <param name="after">Null begins at the first.</param>
    public IEnumerable<string> After(string? after)
    {
        var index = after is null ? 0 : _ordered.BinarySearch(after, StringComparer.Ordinal);
        for (index = index < 0 ? ~index : index; index < _ordered.Count; index++)
        {
            if (after is null || string.CompareOrdinal(_ordered[index], after) > 0)
            {
                yield return _ordered[index];
            }
        }
    }
}
