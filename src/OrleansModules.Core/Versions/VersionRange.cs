using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NuGet.Versioning;

namespace OrleansModules.Core.Versions;

/// <summary>A range of SemVer 2 versions in the npm notation: <c>^1.2.0</c>, <c>~1.2</c>, <c>&gt;=1.0.0 &lt;2.0.0</c>, <c>1.x</c>, <c>a || b</c>, <c>1.0.0 - 2.0.0</c>, <c>*</c>.</summary>
/// <remarks>
/// Immutable. The packages at hand parse versions but not this notation, hence this small class; precedence comes from
/// <see cref="SemVerOrder"/>. A pre-release satisfies a range only where a comparator of the same alternative names a
/// pre-release of the same major.minor.patch, as in npm's node-semver, whose published fixtures the tests use. One exception: the
/// range <c>*</c> takes pre-releases, so that who asks for no version in particular gets along with any.
/// </remarks>
public sealed class VersionRange : IEquatable<VersionRange>
{
    private readonly string _text;
    private readonly ImmutableArray<ImmutableArray<Comparator>> _alternatives;

    private VersionRange(string text, ImmutableArray<ImmutableArray<Comparator>> alternatives)
    {
        _text = text;
        _alternatives = alternatives;
    }

    /// <summary>Every version, pre-releases too: what a dependency without a range asks for, written <c>*</c>.</summary>
    public static VersionRange Any { get; } = new("*", [[]]);

    /// <summary>Reads a range.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = null;
        if (text is null || text.Length > 256 || !RangeParser.TryParse(text, out var alternatives))
        {
            return false;
        }

        range = text.Trim() is "" or "*" ? Any : new VersionRange(text.Trim(), alternatives);
        return true;
    }

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">The text is no range.</exception>
    public static VersionRange Parse(string text) => TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is no version range.");

    /// <summary>Whether a version lies in the range.</summary>
    public bool Contains(SemanticVersion version)
    {
        foreach (var comparators in _alternatives)
        {
            if (comparators.All(c => c.Holds(version)) && (!version.IsPrerelease || comparators.Any(c => c.NamesPrereleaseOf(version)) || ReferenceEquals(this, Any)))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(VersionRange? other) => other is not null && _text.Equals(other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VersionRange);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The range as it was written.</summary>
    public override string ToString() => _text;

    /// <summary>One bound of a range.</summary>
    internal readonly record struct Comparator(Relation Relation, SemanticVersion Version)
    {
        public bool Holds(SemanticVersion version)
        {
            var order = SemVerOrder.Compare(version, Version);
            return Relation switch
            {
                Relation.Less => order < 0,
                Relation.LessOrEqual => order <= 0,
                Relation.Greater => order > 0,
                Relation.GreaterOrEqual => order >= 0,
                _ => order == 0,
            };
        }

        public bool NamesPrereleaseOf(SemanticVersion version) =>
            Version.IsPrerelease && Version.Major == version.Major && Version.Minor == version.Minor && Version.Patch == version.Patch;
    }

    /// <summary>How a version must stand to a bound.</summary>
    internal enum Relation
    {
        Equal,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    }
}
