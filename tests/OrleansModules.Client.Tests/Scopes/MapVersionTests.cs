namespace OrleansModules.Client.Tests.Scopes;

public sealed class MapVersionTests
{
    [Theory]
    [InlineData("s0.o0")]
    [InlineData("s12.o5.w3")]
    [InlineData("e1.s12.o5.w3")]
    [InlineData("e2147483647.s12.o5")]
    [InlineData("s9223372036854775807.o1.w0")]
    public void Version_written_and_read_is_the_same(string text)
    {
        Assert.True(MapVersion.TryParse(text, out var version));
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("s1")]
    [InlineData("s01.o1.w1")]
    [InlineData("s1.o1.w1.w1")]
    [InlineData("s1.w1.o1")]
    [InlineData("s-1.o1.w1")]
    [InlineData("s1.o1.w9223372036854775808")]
    [InlineData(" s1.o1.w1")]
    [InlineData("e0.s1.o1.w1")]
    [InlineData("e01.s1.o1.w1")]
    [InlineData("e2147483648.s1.o1.w1")]
    [InlineData("e1")]
    [InlineData("e.s1.o1")]
    public void Version_of_another_form_is_refused(string text) => Assert.False(MapVersion.TryParse(text, out _));

    [Theory]
    [Requirement("L7")]
    [InlineData("s2.o2.w2", "s2.o2.w2", true)]
    [InlineData("s3.o2.w2", "s2.o2.w2", true)]
    [InlineData("s3.o1.w9", "s2.o2.w2", false)]
    [InlineData("s9.o9.w1", "s2.o2.w2", false)]
    [InlineData("s1.o9.w9", "s2.o2.w2", false)]
    [InlineData("e1.s1.o1.w1", "s2.o2.w2", true)]
    [InlineData("e1.s9.o9.w9", "e2.s2.o2.w2", false)]
    [InlineData("e2.s2.o2.w2", "e2.s2.o3.w1", false)]
    public void Includes_is_false_where_any_component_is_lower(string one, string other, bool includes)
    {
        Assert.True(MapVersion.TryParse(one, out var a) & MapVersion.TryParse(other, out var b));
        Assert.Equal(includes, a.Includes(b));
        Assert.True(a.Join(b).Includes(a) && a.Join(b).Includes(b));
    }

    [Theory]
    [InlineData("red", true)]
    [InlineData("9f1c0d5e-1b0a-4f5e-8a53-0e5d3cbb7b0f", true)]
    [InlineData("", false)]
    [InlineData(".red", false)]
    [InlineData("red/../blue", false)]
    [InlineData("r\u00e9d", false)]
    public void Scope_takes_only_ids(string id, bool isValid)
    {
        Assert.Equal(isValid, ModuleScope.IsValidId(id));
        Assert.Equal(isValid, Record.Exception(() => ModuleScope.Workspace(id)) is null);
    }

    [Fact]
    public void Scopes_of_two_kinds_with_one_id_are_two()
    {
        Assert.NotEqual(ModuleScope.Org("a"), ModuleScope.Workspace("a"));
        Assert.NotEqual(ModuleScope.Org("a"), ModuleScope.Org("A"));
        Assert.True(default(ModuleScope).IsNone);
    }
}
