using System.Text.Json.Nodes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Json;

[Requirement("L4")]
public sealed class JsonMergeTests
{
    // RFC 7396, appendix A. Rows whose target or patch is no object are wrapped in one, since overrides are objects.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"r":["a","b"]}""", """{"r":["c","d"]}""", """{"r":["c","d"]}""")]
    [InlineData("""{"r":{"a":"b"}}""", """{"r":["c"]}""", """{"r":["c"]}""")]
    [InlineData("""{"r":{"a":"foo"}}""", """{"r":null}""", "{}")]
    [InlineData("""{"r":{"a":"foo"}}""", """{"r":"bar"}""", """{"r":"bar"}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"a":1,"e":null}""")]
    [InlineData("""{"r":[1,2]}""", """{"r":{"a":"b","c":null}}""", """{"r":{"a":"b"}}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Deep_follows_the_examples_of_the_standard(string target, string patch, string result) =>
        Assert.Equal(result, JsonMerge.Deep(JsonObjectValue.Parse(target), JsonObjectValue.Parse(patch)).ToString());

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":null}""", """{"a":null,"b":2}""")]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"y":2}}""", """{"a":{"y":2}}""")]
    [InlineData("""{"a":[1,2,3]}""", """{"a":[]}""", """{"a":[]}""")]
    [InlineData("""{"a":1}""", "{}", """{"a":1}""")]
    [InlineData("{}", """{"a":null}""", """{"a":null}""")]
    public void Shallow_replaces_whole_keys_and_keeps_null(string upper, string lower, string result) =>
        Assert.Equal(result, JsonMerge.Shallow(JsonObjectValue.Parse(upper), JsonObjectValue.Parse(lower)).ToString());

    [Fact]
    public void Deep_is_the_pseudo_code_of_the_standard() => Laws.HoldForDice(2000, dice =>
    {
        var (target, patch) = (dice.Object(4), dice.Object(4));
        var expected = NaiveCascade.MergePatch(NaiveCascade.Node(target), NaiveCascade.Node(patch));
        var merged = JsonMerge.Deep(target, patch);
        Assert.True(JsonNode.DeepEquals(expected, NaiveCascade.Node(merged)), $"{target} + {patch} = {merged}");
        Assert.Equal(merged, JsonMerge.Deep(merged, patch));
    });

    [Fact]
    public void Empty_lower_object_gives_the_upper_object_itself() => Laws.HoldForDice(100, dice =>
    {
        var upper = dice.Object(2);
        Assert.Same(upper, JsonMerge.Deep(upper, JsonObjectValue.Empty));
        Assert.Same(upper, JsonMerge.Shallow(upper, JsonObjectValue.Empty));
        Assert.Same(upper, JsonMerge.Shallow(JsonObjectValue.Empty, upper));
    });
}
