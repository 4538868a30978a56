using OrleansModules.Core.Access;

namespace OrleansModules.Api.Access;

/// <summary>Some roles. An immutable value.</summary>
internal readonly record struct RoleSet
{
    private readonly ushort _bits;

    private RoleSet(int bits) => _bits = (ushort)bits;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>Some roles.</summary>
    public static RoleSet Of(params ReadOnlySpan<ScopeRole> roles)
    {
        var set = default(RoleSet);
        foreach (var role in roles)
        {
            set = set.With(role);
        }

        return set;
    }

    /// <summary>The same and one more.</summary>
    public RoleSet With(ScopeRole role) => new(_bits | (1 << (int)role));

    /// <summary>The roles of both.</summary>
    public RoleSet With(RoleSet other) => new(_bits | other._bits);

    /// <summary>Whether a role is among them.</summary>
    public bool Contains(ScopeRole role) => (_bits & (1 << (int)role)) != 0;

    /// <summary>Whether a role is in both.</summary>
    public bool Overlaps(RoleSet other) => (_bits & other._bits) != 0;

    /// <summary>The roles, in the order of their declaration.</summary>
    public IEnumerable<ScopeRole> Roles => Enum.GetValues<ScopeRole>().Where(Contains);
}
