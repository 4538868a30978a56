using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Json;

public sealed class JsonObjectValueTests
{
    [Fact]
    public void Parse_keeps_meaning_and_is_stable_when_parsed_again() => Laws.HoldForDice(1000, dice =>
    {
        var text = dice.ObjectText(4);
        var value = JsonObjectValue.Parse(text);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), NaiveCascade.Node(value)), text);
        Assert.Equal(value, JsonObjectValue.Parse(value.ToString()));
        Assert.Equal(value.GetHashCode(), JsonObjectValue.Parse(value.ToString()).GetHashCode());
    });

    [Theory]
    [InlineData("""{ "a" : 1.50 , "b" : [ -0 , 1E+2 ] }""", """{"a":1.50,"b":[-0,1E+2]}""")]
    [InlineData("""{"n":123456789012345678901234567890.000}""", """{"n":123456789012345678901234567890.000}""")]
    [InlineData("""{"\u0061":"\u00e9\/\""}""", """{"a":"é/\""}""")]
    [InlineData("{ }", "{}")]
    public void Text_is_compact_and_numbers_keep_their_spelling(string given, string text) => Assert.Equal(text, JsonObjectValue.Parse(given).ToString());

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"x":{"a":1,"a":2}}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1} x""")]
    [InlineData("")]
    public void Text_that_is_not_json_or_repeats_a_key_is_refused(string text) => Assert.ThrowsAny<JsonException>(() => JsonObjectValue.Parse(text));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    public void Anything_but_an_object_is_refused(string text) => Assert.Throws<ArgumentException>(() => JsonObjectValue.Parse(text));

    [Fact]
    public void Empty_object_is_one_value() => Assert.Same(JsonObjectValue.Empty, JsonObjectValue.Parse(" { } "));
}
