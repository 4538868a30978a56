using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansModules.Client;

/// <summary>Names an organization or workspace of the service, <c>org/acme</c> or <c>workspace/red</c>.</summary>
/// <remarks>Immutable value. Ids are compared ordinally: <c>A</c> and <c>a</c> are two scopes. The default value names nothing and is refused everywhere.</remarks>
public readonly record struct ModuleScope
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-");

    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64();

    private readonly string? _id;
    private readonly int _hash; // worked out once: a scope is looked up more often than made

    private ModuleScope(bool isWorkspace, string id) => (IsWorkspace, _id, _hash) = (isWorkspace, id, Hash(id) ^ (isWorkspace ? 1 : 0));

    /// <summary>Whether this is a workspace; otherwise it is an organization.</summary>
    public bool IsWorkspace { get; }

    /// <summary>The id.</summary>
    public string Id => _id ?? "";

    /// <summary>Whether this is the default value, which names nothing.</summary>
    public bool IsNone => _id is null;

    /// <summary>The scope of a workspace.</summary>
    /// <exception cref="ArgumentException">The id is not of the accepted form, see <see cref="IsValidId"/>.</exception>
    public static ModuleScope Workspace(string workspaceId) => new(isWorkspace: true, Checked(workspaceId));

    /// <summary>The scope of an organization.</summary>
    /// <exception cref="ArgumentException">The id is not of the accepted form, see <see cref="IsValidId"/>.</exception>
    public static ModuleScope Org(string orgId) => new(isWorkspace: false, Checked(orgId));

    /// <summary>Whether a string is an id: <c>^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$</c>.</summary>
    public static bool IsValidId([NotNullWhen(true)] string? id) =>
        !string.IsNullOrEmpty(id) && id.Length <= MaxIdLength && char.IsAsciiLetterOrDigit(id[0]) && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Whether both name the same scope.</summary>
    public bool Equals(ModuleScope other) => _hash == other._hash && IsWorkspace == other.IsWorkspace && string.Equals(_id, other._id, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : (IsWorkspace ? "workspace/" : "org/") + Id;

    /// <summary>Refuses the default value.</summary>
    /// <param name="parameter">The name of the parameter that has it.</param>
    /// <exception cref="ArgumentException">This is the default value.</exception>
    internal void ThrowIfNone(string parameter)
    {
        if (IsNone)
        {
            throw new ArgumentException("The default value names no scope.", parameter);
        }
    }

    // Seeded for each process. Requests bring their ids, and a third of the read of one would go into the hash that strings have.
    private static int Hash(string id)
    {
        var bytes = MemoryMarshal.AsBytes(id.AsSpan());
        var (odd, even) = (s_seed, (ulong)bytes.Length);
        for (; bytes.Length >= 2 * sizeof(ulong); bytes = bytes[(2 * sizeof(ulong))..])
        {
            odd = Mix(odd, MemoryMarshal.Read<ulong>(bytes));
            even = Mix(even, MemoryMarshal.Read<ulong>(bytes[sizeof(ulong)..]));
        }

        foreach (var rest in bytes)
        {
            odd = Mix(odd, rest);
        }

        return (int)(Mix(odd, even) >> 32);
    }

    private static ulong Mix(ulong hash, ulong value) => BitOperations.RotateLeft((hash ^ value) * 0x9E3779B97F4A7C15, 29); // 2^64 over the golden ratio

    private static string Checked(string id) => IsValidId(id)
        ? id
        : throw new ArgumentException($"'{id}' is no scope id; expected 1 to {MaxIdLength} letters, digits, '.', '_' or '-', a letter or digit first.", nameof(id));
}
