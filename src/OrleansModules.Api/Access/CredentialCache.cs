using System.Collections.Concurrent;

namespace OrleansModules.Api.Access;

/// <summary>Who came with which credential, so that a hot read does not verify it again.</summary>
/// <remarks>
/// Holds accepted credentials only, so nobody fills it with guesses. Bounded: when the newer half is full it becomes the older half, and
/// who is asked for in the older half moves to the newer. Safe for concurrent use; a race costs a verification, never correctness.
/// </remarks>
internal sealed class CredentialCache
{
    private const int HalfSize = 16_384;

    private volatile ConcurrentDictionary<string, Remembered> _newer = new(ByTail.Instance);
    private volatile ConcurrentDictionary<string, Remembered> _older = new(ByTail.Instance);

    /// <summary>Finds a credential.</summary>
    public bool TryFind(string credential, out Remembered found)
    {
        if (_newer.TryGetValue(credential, out found))
        {
            return true;
        }

        if (!_older.TryGetValue(credential, out found))
        {
            return false;
        }

        Add(credential, found);
        return true;
    }

    /// <summary>Remembers a credential.</summary>
    public void Add(string credential, Remembered found)
    {
        if (_newer.Count >= HalfSize)
        {
            (_older, _newer) = (_newer, new ConcurrentDictionary<string, Remembered>(ByTail.Instance));
        }

        _newer[credential] = found;
    }

    /// <summary>Forgets a credential.</summary>
    public void Remove(string credential)
    {
        _newer.TryRemove(credential, out _);
        _older.TryRemove(credential, out _);
    }

    /// <summary>A principal, and when its credential is verified again at the latest.</summary>
    public readonly record struct Remembered(Principal Principal, DateTime Until);

    // Hashes the end only: a secret or a signature, which is as good as random, while what is before it is long and much the same.
    private sealed class ByTail : IEqualityComparer<string>
    {
        public static readonly ByTail Instance = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string credential) => string.GetHashCode(credential.AsSpan(Math.Max(0, credential.Length - 24)), StringComparison.Ordinal);
    }
}
