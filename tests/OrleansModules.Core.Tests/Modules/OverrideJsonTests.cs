using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Modules;

public sealed class OverrideJsonTests
{
    private static readonly ModuleOverride Stored = new("kb", true, JsonObjectValue.Parse("""{"a":1}"""), JsonObjectValue.Parse("""{"beta":true}"""));

    [Theory]
    [InlineData("{}", true, """{"a":1}""", """{"beta":true}""")]
    [InlineData("""{"isEnabled":null}""", null, """{"a":1}""", """{"beta":true}""")]
    [InlineData("""{"isEnabled":false}""", false, """{"a":1}""", """{"beta":true}""")]
    [InlineData("""{"configOverrides":{"b":null}}""", true, """{"b":null}""", """{"beta":true}""")]
    [InlineData("""{"configOverrides":{},"featureFlagOverrides":{}}""", true, "{}", "{}")]
    [InlineData("""{"featureFlagOverrides":{"x":false}}""", true, """{"a":1}""", """{"x":false}""")]
    public void Absent_field_stays_and_object_replaces(string body, bool? enabled, string config, string flags)
    {
        var faults = new List<Fault>();
        var read = OverrideJson.Read(MapAssert.Element(body), Stored, faults);
        Assert.Empty(faults);
        Assert.Equal(new ModuleOverride("kb", enabled, JsonObjectValue.Parse(config), JsonObjectValue.Parse(flags)), read);
    }

    [Theory]
    [InlineData("""{"isEnabled":1}""", "invalid-value /isEnabled")]
    [InlineData("""{"isEnabled":"true"}""", "invalid-value /isEnabled")]
    [InlineData("""{"isEnabled":{}}""", "invalid-value /isEnabled")]
    [InlineData("""{"configOverrides":[]}""", "not-an-object /configOverrides")]
    [InlineData("""{"configOverrides":null}""", "not-an-object /configOverrides")]
    [InlineData("""{"configOverrides":"x"}""", "not-an-object /configOverrides")]
    [InlineData("""{"configOverrides":1}""", "not-an-object /configOverrides")]
    [InlineData("""{"featureFlagOverrides":[true]}""", "not-an-object /featureFlagOverrides")]
    [InlineData("""{"featureFlagOverrides":null}""", "not-an-object /featureFlagOverrides")]
    [InlineData("""{"featureFlagOverrides":{"a":1}}""", "flag-not-boolean /featureFlagOverrides/a")]
    [InlineData("""{"featureFlagOverrides":{"a":null}}""", "flag-not-boolean /featureFlagOverrides/a")]
    [InlineData("""{"featureFlagOverrides":{"a":"true"}}""", "flag-not-boolean /featureFlagOverrides/a")]
    [InlineData("""{"featureFlagOverrides":{"x/y~z":{}}}""", "flag-not-boolean /featureFlagOverrides/x~1y~0z")]
    [InlineData("""{"config":{}}""", "unknown-field /config")]
    [InlineData("""{"IsEnabled":true}""", "unknown-field /IsEnabled")]
    [InlineData("""{"a/b":1}""", "unknown-field /a~1b")]
    [InlineData("[]", "not-an-object ")]
    [InlineData("null", "not-an-object ")]
    [InlineData("\"x\"", "not-an-object ")]
    [InlineData("""{"\ud800":1}""", "unknown-field ")]
    [InlineData("""{"configOverrides":{"a":"\ud800"}}""", "invalid-value /configOverrides")]
    [InlineData("""{"configOverrides":{"\udc00":1}}""", "invalid-value /configOverrides")]
    [InlineData("""{"featureFlagOverrides":{"\udc00":true}}""", "invalid-value /featureFlagOverrides")]
    [InlineData("""{"isEnabled":1,"configOverrides":[],"featureFlagOverrides":{"a":1,"b":true,"c":0},"z":1}""",
        "unknown-field /z|invalid-value /isEnabled|not-an-object /configOverrides|flag-not-boolean /featureFlagOverrides/a|flag-not-boolean /featureFlagOverrides/c")]
    public void Faulty_body_is_refused_with_every_fault_and_its_place(string body, string expected)
    {
        var faults = new List<Fault>();
        Assert.Null(OverrideJson.Read(MapAssert.Element(body), Stored, faults));
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), faults.Select(f => $"{f.Code} {f.Pointer}").Order(StringComparer.Ordinal));
        Assert.All(faults, f => Assert.NotEmpty(f.Message));
    }

    [Theory]
    [InlineData("{\"a\":", "1", "}")]
    [InlineData("[", "", "]")]
    public void Object_may_be_nested_32_levels_deep_and_then_fits_into_a_record(string open, string inside, string close)
    {
        string Body(int levels) =>
            "{\"configOverrides\":{\"x\":" + string.Concat(Enumerable.Repeat(open, levels - 1)) + inside + string.Concat(Enumerable.Repeat(close, levels - 1)) + "}}";
        var faults = new List<Fault>();
        Assert.Null(OverrideJson.Read(MapAssert.Element(Body(33)), Stored, faults));
        Assert.Equal("invalid-value /configOverrides", $"{faults.Single().Code} {faults[0].Pointer}");

        faults.Clear();
        var accepted = OverrideJson.Read(MapAssert.Element(Body(32)), Stored, faults);
        Assert.Empty(faults);
        var record = new Core.Changes.ChangeRecord
        {
            Scope = World.OrgScope, Revision = 1, Kind = Core.Changes.ChangeKind.OverrideSet, Version = new(Core.Scopes.ScopeKind.Org, 1, 1, 0),
            At = World.Mark.At, Actor = "a", Overrides = [new("kb", null, accepted)],
        };
        var text = JsonObjectValue.Build(w => Core.Changes.ChangeRecordJson.Write(w, record, withOperation: true)).ToString();
        Assert.Equal(accepted, Core.Changes.ChangeRecordJson.Read(MapAssert.Element(text)).Overrides[0].After);
        var layer = JsonObjectValue.Build(w => Core.Changes.LayerJson.Write(w, World.OrgScope, Core.Changes.LayerFold.Apply(null, record))).ToString();
        Assert.Equal(accepted, ((Core.Cascade.ScopeLayer)Core.Changes.LayerJson.Read(MapAssert.Element(layer)).Layer).Find("kb")!.Value.Override);
    }

    [Fact]
    public void Message_does_not_cut_a_character_in_two()
    {
        for (var length = 30; length < 40; length++)
        {
            var faults = new List<Fault>();
            OverrideJson.Read(MapAssert.Element($$"""{"isEnabled":"{{new string('a', length)}}😀😀😀😀😀"}"""), Stored, faults);
            Assert.All(faults, f => Assert.True(f.Message.EnumerateRunes().All(r => r != System.Text.Rune.ReplacementChar), f.Message));
        }
    }

    [Fact]
    public void Faults_of_an_earlier_part_do_not_refuse_a_good_override()
    {
        var faults = new List<Fault> { new("x", "", "before") };
        Assert.NotNull(OverrideJson.Read(MapAssert.Element("{}"), Stored, faults));
        Assert.Single(faults);
    }

    [Fact]
    public void Written_override_reads_back_equal() => Laws.HoldForDice(500, dice =>
    {
        var said = dice.Override("kb");
        Assert.Equal(said, OverrideJson.ReadStored("kb", MapAssert.Element(OverrideJson.ToValue(said).ToString())));
    });
}
