using System.Text;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Core.Tests.Scopes;

public sealed class MapVersionTests
{
    private static readonly long[] Interesting = [0, 1, 2, 9, 10, 12, 99, 100, int.MaxValue, long.MaxValue - 1, long.MaxValue];

    [Fact]
    public void Written_version_reads_back() => Laws.HoldForDice(500, dice =>
    {
        var version = Any(dice);
        Assert.True(MapVersion.TryParse(version.ToString(), out var read));
        Assert.Equal(version, read);
        var bytes = new byte[MapVersion.MaxLength];
        Assert.Equal(version.ToString(), Encoding.ASCII.GetString(bytes, 0, version.Format(bytes)));
        Assert.Equal(version.Kind switch { ScopeKind.System => version.System, ScopeKind.Org => version.Org, _ => version.Workspace }, version.Own);
    });

    [Theory]
    [InlineData("s0", 0)]
    [InlineData("s12.o5", 1)]
    [InlineData("s12.o5.w3", 2)]
    [InlineData("s9223372036854775807.o9223372036854775807.w9223372036854775807", 2)]
    [InlineData("e1.s0", 0)]
    [InlineData("e2147483647.s9223372036854775807.o9223372036854775807.w9223372036854775807", 2)]
    public void Accepted_form_is_its_own_text(string text, int kind)
    {
        Assert.True(MapVersion.TryParse(text, out var version));
        Assert.Equal((ScopeKind)kind, version.Kind);
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("12")]
    [InlineData("S12")]
    [InlineData("s01")]
    [InlineData("s-1")]
    [InlineData("s+1")]
    [InlineData("s 1")]
    [InlineData("s1 ")]
    [InlineData(" s1")]
    [InlineData("s1.")]
    [InlineData("s1.w1")]
    [InlineData("s1.o")]
    [InlineData("s1.o1.")]
    [InlineData("s1.o1.w1.")]
    [InlineData("s1.o1.w1.x1")]
    [InlineData("s1.o1.w1.x1.y1")]
    [InlineData("o1")]
    [InlineData("s1.o1.w01")]
    [InlineData("s9223372036854775808")]
    [InlineData("s١")]
    [InlineData("s１")]
    [InlineData("e1")]
    [InlineData("e1.")]
    [InlineData("e.s1")]
    [InlineData("e0.s1")]
    [InlineData("e01.s1")]
    [InlineData("e2147483648.s1")]
    [InlineData("e1.e1.s1")]
    [InlineData("s1,0")]
    [InlineData("\"s1\"")]
    public void Other_forms_are_refused(string text)
    {
        Assert.False(MapVersion.TryParse(text, out var version));
        Assert.Equal(default, version);
    }

    [Fact]
    [Requirement("L7")]
    [Invariant("I20")]
    public void IsAtLeast_orders_versions_of_one_level_partially() => Laws.HoldForDice(2000, dice =>
    {
        var kind = (ScopeKind)dice.Below(3);
        var (a, b, c) = (Small(dice, kind), Small(dice, kind), Small(dice, kind));
        Assert.True(a.IsAtLeast(a));
        Assert.True(!(a.IsAtLeast(b) && b.IsAtLeast(a)) || a == b);
        Assert.True(!(a.IsAtLeast(b) && b.IsAtLeast(c)) || a.IsAtLeast(c));
        Assert.Equal(a.System >= b.System && a.Org >= b.Org && a.Workspace >= b.Workspace, a.IsAtLeast(b));
        Assert.True((a with { Epoch = 2 }).IsAtLeast(b with { Epoch = 1 }));
        Assert.False((a with { Epoch = 1 }).IsAtLeast(b with { Epoch = 2 }));
    });

    [Fact]
    public void IsAtLeast_ignores_levels_below_its_own()
    {
        var wanted = new MapVersion(ScopeKind.Workspace, 3, 4, 5);
        Assert.True(new MapVersion(ScopeKind.System, 3, 0, 0).IsAtLeast(wanted));
        Assert.False(new MapVersion(ScopeKind.System, 2, 0, 0).IsAtLeast(wanted));
        Assert.True(new MapVersion(ScopeKind.Org, 3, 4, 0).IsAtLeast(wanted));
        Assert.False(new MapVersion(ScopeKind.Org, 3, 3, 0).IsAtLeast(wanted));
        Assert.True(wanted.IsAtLeast(new MapVersion(ScopeKind.System, 3, 0, 0)));
    }

    private static MapVersion Any(Dice dice) => Make((ScopeKind)dice.Below(3), dice.Pick(Interesting), dice.Pick(Interesting), dice.Pick(Interesting));

    private static MapVersion Small(Dice dice, ScopeKind kind) => Make(kind, dice.Below(3), dice.Below(3), dice.Below(3));

    private static MapVersion Make(ScopeKind kind, long system, long org, long workspace) =>
        new(kind, system, kind >= ScopeKind.Org ? org : 0, kind == ScopeKind.Workspace ? workspace : 0);
}
