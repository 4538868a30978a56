using System.Globalization;
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
    [InlineData("""{ "a" : 1.50 , "b" : [ -0 , 1E+2 ] }""", """{"a":1.5,"b":[0,100]}""")]
    [InlineData("""{"n":[123456789012345678901234567890.000,100000000000000000000,1e21,1000000000000000000000e-3]}""", """{"n":[1.2345678901234567890123456789e+29,100000000000000000000,1e+21,1000000000000000000]}""")]
    [InlineData("""{"n":[0.00001,0.000001,-0.0000001,12.0e-1,-0e9,0.10e+308]}""", """{"n":[0.00001,0.000001,-1e-7,1.2,0,1e+307]}""")]
    [InlineData("""{"b":{"z":1,"y":2},"B":1,"a":[{"d":1,"c":2}],"":0}""", """{"":0,"B":1,"a":[{"c":2,"d":1}],"b":{"y":2,"z":1}}""")]
    [InlineData("""{"\u0061":"\u00e9\/\""}""", """{"a":"é/\""}""")]
    [InlineData("{ }", "{}")]
    public void Text_is_compact_in_one_order_and_spelling(string given, string text) => Assert.Equal(text, JsonObjectValue.Parse(given).ToString());

    [Theory]
    [InlineData("""{"n":1e309}""")]
    [InlineData("""{"n":-1e-309}""")]
    [InlineData("""{"n":1e99999999999}""")]
    [InlineData("""{"t":"a\u0000"}""")]
    [InlineData("""{"\u0000":1}""")]
    [InlineData("""{"t":"\ud800"}""")]
    public void What_not_every_store_can_keep_is_refused(string json) => Assert.Throws<InvalidOperationException>(() => JsonObjectValue.Parse(json));

    [Fact]
    public void Number_keeps_its_value_and_has_one_spelling() => Laws.HoldForDice(2_000, dice =>
    {
        var digits = string.Concat(Enumerable.Range(0, 1 + dice.Below(20)).Select(_ => dice.Below(10)));
        var (point, power) = (dice.Below(digits.Length + 1), dice.Below(60) - 30);
        var text = $"{(dice.Chance(50) ? "-" : "")}{(point == 0 ? "0" : digits[..point].TrimStart('0').PadLeft(1, '0'))}{(point < digits.Length ? "." + digits[point..] : "")}e{power}";
        var shifted = $"{text[..text.IndexOf('e')]}{(point < digits.Length ? "" : ".0")}00e{power}";
        var spelled = JsonObjectValue.Parse($$"""{"n":{{text}}}""");
        Assert.Equal(spelled, JsonObjectValue.Parse($$"""{"n":{{shifted}}}"""));
        Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture) + 0.0, spelled.Open().RootElement.GetProperty("n").GetDouble());
    });

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
