namespace OrleansModules.Core.Scopes;

/// <summary>Makes one string of equal ones, so that a million scopes do not each keep their own copy of a name.</summary>
/// <remarks>
/// A fixed table in which a new name takes the place of an older one, so it cannot grow; a miss costs memory, never correctness.
/// Safe for concurrent use: the worst a race does is a miss.
/// </remarks>
public static class NamePool
{
    private static readonly string?[] Slots = new string?[1 << 16];

    /// <summary>A string equal to the one given.</summary>
    public static string Get(string name)
    {
        ref var slot = ref Slots[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)Slots.Length];
        if (Volatile.Read(ref slot) is { } known && known.Equals(name, StringComparison.Ordinal))
        {
            return known;
        }

        Volatile.Write(ref slot, name);
        return name;
    }
}
