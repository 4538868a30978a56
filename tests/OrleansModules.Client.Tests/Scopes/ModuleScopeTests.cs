namespace OrleansModules.Client.Tests.Scopes;

public sealed class ModuleScopeTests
{
    [Fact]
    public void Scopes_of_the_same_id_are_equal_whichever_string_holds_it()
    {
        for (var length = 1; length <= ModuleScope.MaxIdLength; length++)
        {
            var (one, other) = (ModuleScope.Workspace(new string('a', length)), ModuleScope.Workspace(new string('a', length)));
            Assert.Equal(one, other);
            Assert.Equal(one.GetHashCode(), other.GetHashCode());
        }
    }

    [Fact]
    public void Scopes_that_differ_in_any_character_in_length_or_in_kind_are_not_equal_and_rarely_share_a_hash()
    {
        List<ModuleScope> scopes = [];
        for (var length = 1; length <= ModuleScope.MaxIdLength; length++)
        {
            scopes.Add(ModuleScope.Workspace(new string('a', length)));
            scopes.Add(ModuleScope.Org(new string('a', length)));
            scopes.AddRange(Enumerable.Range(0, length).Select(at => ModuleScope.Workspace(new string('a', at) + 'b' + new string('a', length - at - 1))));
        }

        Assert.Equal(scopes.Count, scopes.Distinct().Count());
        Assert.True(scopes.Select(s => s.GetHashCode()).Distinct().Count() > scopes.Count - 10); // of 2,208, two share one about once in 1,800 runs
    }
}
