using System.Text;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Tests.Scopes;

public sealed class ScopeIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("Acme.Corp_1-x")]
    [InlineData("7e57ab1e-0000-4000-8000-000000000000")]
    [InlineData("a..b")]
    [InlineData("system")]
    [Invariant("I18")]
    public void Accepted_id_names_an_organization_and_a_workspace(string id)
    {
        Assert.True(ScopeId.IsValidId(id));
        Assert.Equal(ScopeId.Org(id), ScopeId.Parse("org/" + id));
        Assert.Equal(ScopeId.Workspace(id), ScopeId.Parse("workspace/" + id));
        Assert.NotEqual(ScopeId.Org(id), ScopeId.Workspace(id));
        Assert.Equal("org/" + id, ScopeId.Org(id).ToString());
        Assert.Equal("workspace/" + id, ScopeId.Workspace(id).ToString());
        Assert.Equal((ScopeKind.Org, id), (ScopeId.Org(id).Kind, ScopeId.Org(id).Id));
    }

    [Fact]
    public void Name_is_written_as_bytes_as_it_is_as_text()
    {
        var ascii = new byte[ScopeId.MaxLength];
        var longest = new string('x', ScopeId.MaxIdLength);
        Assert.All([ScopeId.System, ScopeId.Org("a"), ScopeId.Workspace("Acme.Corp_1-x"), ScopeId.Org(longest), ScopeId.Workspace(longest)], scope =>
            Assert.Equal(scope.ToString(), Encoding.ASCII.GetString(ascii, 0, scope.Format(ascii))));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("aé")]
    [InlineData("a١")]
    [InlineData("a%2f")]
    [InlineData("a\0")]
    public void Refused_id_names_nothing(string id)
    {
        Assert.False(ScopeId.IsValidId(id));
        Assert.Throws<ArgumentException>(() => ScopeId.Org(id));
        Assert.Throws<ArgumentException>(() => ScopeId.Workspace(id));
        Assert.False(ScopeId.TryParse("org/" + id, out _));
        Assert.False(ScopeId.TryParse("workspace/" + id, out _));
    }

    [Fact]
    public void Longest_id_has_64_characters()
    {
        Assert.True(ScopeId.IsValidId(new string('a', 64)));
        Assert.False(ScopeId.IsValidId(new string('a', 65)));
        Assert.False(ScopeId.IsValidId(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("System")]
    [InlineData("system/")]
    [InlineData("org")]
    [InlineData("org/")]
    [InlineData("Org/a")]
    [InlineData("ws/a")]
    [InlineData(" org/a")]
    [InlineData("a")]
    public void Text_that_names_no_scope_is_refused(string text)
    {
        Assert.False(ScopeId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ScopeId.Parse(text));
    }

    [Fact]
    public void System_is_one_scope()
    {
        Assert.Equal(ScopeId.System, ScopeId.Parse("system"));
        Assert.Equal("system", ScopeId.System.ToString());
        Assert.False(ScopeId.TryParse(null, out _));
        Assert.NotEqual(ScopeId.Org("A"), ScopeId.Org("a"));
    }

    [Fact]
    public void Default_value_is_the_system() => Assert.Equal(ScopeId.System, default);

    [Theory]
    [InlineData("a", true)]
    [InlineData("module-kb", true)]
    [InlineData("a1-2b-3", true)]
    [InlineData("", false)]
    [InlineData("1a", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a--b", false)]
    [InlineData("A", false)]
    [InlineData("aB", false)]
    [InlineData("a_b", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    [InlineData("a٣", false)]
    public void Module_name_is_a_slug(string name, bool accepted) => Assert.Equal(accepted, ModuleName.IsValid(name));

    [Fact]
    public void Longest_module_name_has_100_characters()
    {
        Assert.True(ModuleName.IsValid(new string('a', 100)));
        Assert.False(ModuleName.IsValid(new string('a', 101)));
        Assert.False(ModuleName.IsValid(null));
    }
}
