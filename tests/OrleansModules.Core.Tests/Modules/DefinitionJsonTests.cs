using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Modules;

public sealed class DefinitionJsonTests
{
    [Fact]
    public void Absent_fields_get_their_defaults()
    {
        var read = Read("""{"name":"kb"}""", out var faults)!;
        Assert.Empty(faults);
        Assert.Equal(("kb", "kb", null, ModuleType.Functional, 3, "1.0.0"), (read.Name, read.DisplayName, read.Description, read.Type, read.Tier, read.Version.ToString()));
        Assert.Equal((true, true, false, ConfigMerge.Shallow), (read.IsInstalled, read.IsEnabled, read.IsRemoved, read.ConfigMerge));
        Assert.True(read.Config.IsEmpty && read.FeatureFlags.IsEmpty && read.NavConfig.IsEmpty && read.Dependencies.IsEmpty && read.RequiredPermissions.IsEmpty);
        Assert.Null(read.MinCompatibleVersion);
    }

    [Theory]
    [InlineData("\"isAvailable\":1,\"reasons\":\"x\",\"systemEnabled\":null,\"orgEnabled\":[],\"wsEnabled\":{},\"isRemoved\":true,\"registered\":1,\"updated\":2")]
    public void Fields_that_only_answers_have_are_accepted_and_ignored(string fields)
    {
        var read = Read($$"""{"name":"kb",{{fields}}}""", out var faults);
        Assert.Empty(faults);
        Assert.Equal(DefinitionJson.ToValue(Read("""{"name":"kb"}""", out _)!), DefinitionJson.ToValue(read!));
    }

    [Theory]
    [InlineData("[]", "not-an-object ")]
    [InlineData("null", "not-an-object ")]
    [InlineData("1", "not-an-object ")]
    [InlineData("{}", "missing-field /name")]
    [InlineData("""{"name":null}""", "invalid-module-name /name")]
    [InlineData("""{"name":1}""", "invalid-module-name /name")]
    [InlineData("""{"name":"A"}""", "invalid-module-name /name")]
    [InlineData("""{"name":"\ud800"}""", "invalid-module-name /name")]
    public void Body_without_a_good_name_is_refused(string body, string expected) => AssertFaults(body, null, expected);

    [Theory]
    [InlineData("\"displayName\":1", "invalid-value /displayName")]
    [InlineData("\"displayName\":\"\"", "invalid-value /displayName")]
    [InlineData("\"displayName\":\"a\\u0000\"", "invalid-value /displayName")]
    [InlineData("\"displayName\":\"\\ud800\"", "invalid-value /displayName")]
    [InlineData("\"description\":{}", "invalid-value /description")]
    [InlineData("\"type\":\"Core\"", "invalid-value /type")]
    [InlineData("\"type\":null", "invalid-value /type")]
    [InlineData("\"type\":1", "invalid-value /type")]
    [InlineData("\"type\":\"\\ud800\"", "invalid-value /type")]
    [InlineData("\"tier\":0", "invalid-value /tier")]
    [InlineData("\"tier\":4", "invalid-value /tier")]
    [InlineData("\"tier\":1.5", "invalid-value /tier")]
    [InlineData("\"tier\":\"1\"", "invalid-value /tier")]
    [InlineData("\"tier\":99999999999999999999", "invalid-value /tier")]
    [InlineData("\"tier\":null", "invalid-value /tier")]
    [InlineData("\"version\":1", "invalid-value /version")]
    [InlineData("\"version\":\"1\"", "invalid-value /version")]
    [InlineData("\"version\":\"1.2\"", "invalid-value /version")]
    [InlineData("\"version\":\"1.2.3.4\"", "invalid-value /version")]
    [InlineData("\"version\":\"v1.2.3\"", "invalid-value /version")]
    [InlineData("\"version\":\"01.2.3\"", "invalid-value /version")]
    [InlineData("\"version\":\"1.2.3-01\"", "invalid-value /version")]
    [InlineData("\"version\":\"1.2.3 \"", "invalid-value /version")]
    [InlineData("\"version\":\" 1.2.3\"", "invalid-value /version")]
    [InlineData("\"version\":\"+1.2.3\"", "invalid-value /version")]
    [InlineData("\"version\":\"1.2.3-\"", "invalid-value /version")]
    [InlineData("\"version\":\"1.2.3+\"", "invalid-value /version")]
    [InlineData("\"version\":\"\\ud800\"", "invalid-value /version")]
    [InlineData("\"minCompatibleVersion\":true", "invalid-value /minCompatibleVersion")]
    [InlineData("\"minCompatibleVersion\":\"x\"", "invalid-value /minCompatibleVersion")]
    [InlineData("\"isInstalled\":null", "invalid-value /isInstalled")]
    [InlineData("\"isInstalled\":1", "invalid-value /isInstalled")]
    [InlineData("\"isEnabled\":\"true\"", "invalid-value /isEnabled")]
    [InlineData("\"isEnabled\":null", "invalid-value /isEnabled")]
    [InlineData("\"config\":[]", "not-an-object /config")]
    [InlineData("\"config\":null", "not-an-object /config")]
    [InlineData("\"config\":{\"a\":[\"\\udfff\"]}", "invalid-value /config")]
    [InlineData("\"configMerge\":\"merge\"", "invalid-value /configMerge")]
    [InlineData("\"featureFlags\":[]", "not-an-object /featureFlags")]
    [InlineData("\"featureFlags\":{\"a\":0,\"b\":true,\"c\":null}", "flag-not-boolean /featureFlags/a|flag-not-boolean /featureFlags/c")]
    [InlineData("\"navConfig\":\"x\"", "not-an-object /navConfig")]
    [InlineData("\"navConfig\":{\"route\":1,\"icon\":[],\"label\":{},\"order\":\"1\",\"adminOnly\":null,\"children\":{}}",
        "invalid-value /navConfig/route|invalid-value /navConfig/icon|invalid-value /navConfig/label|invalid-value /navConfig/order|invalid-value /navConfig/adminOnly|invalid-value /navConfig/children")]
    [InlineData("\"navConfig\":{\"children\":[{\"order\":true},1,{\"children\":[{\"adminOnly\":\"x\"}]}]}",
        "invalid-value /navConfig/children/0/order|not-an-object /navConfig/children/1|invalid-value /navConfig/children/2/children/0/adminOnly")]
    [InlineData("\"navConfig\":{\"metrics\":[]}", "not-an-object /navConfig/metrics")]
    [InlineData("\"navConfig\":{\"metrics\":{}}", "invalid-value /navConfig/metrics/items")]
    [InlineData("\"navConfig\":{\"metrics\":{\"items\":[],\"url\":1}}", "unknown-field /navConfig/metrics/url|invalid-value /navConfig/metrics/items")]
    [InlineData("\"navConfig\":{\"metrics\":{\"endpoint\":1,\"items\":[1,{},{\"name\":\"A\",\"label\":\"\",\"unit\":1,\"icon\":\"\",\"x\":1}]}}",
        "invalid-value /navConfig/metrics/endpoint|not-an-object /navConfig/metrics/items/0|missing-field /navConfig/metrics/items/1/name|missing-field /navConfig/metrics/items/1/label|unknown-field /navConfig/metrics/items/2/x|invalid-value /navConfig/metrics/items/2/name|invalid-value /navConfig/metrics/items/2/label|invalid-value /navConfig/metrics/items/2/unit|invalid-value /navConfig/metrics/items/2/icon")]
    [InlineData("\"navConfig\":{\"metrics\":{\"items\":[{\"name\":7,\"label\":null}]}}", "missing-field /navConfig/metrics/items/0/label|invalid-value /navConfig/metrics/items/0/name")]
    [InlineData("\"navConfig\":{\"metrics\":{\"items\":[{\"name\":\"a\"},{\"name\":\"b\",\"label\":\"B\"},{\"name\":\"b\",\"label\":\"C\"}]}}",
        "missing-field /navConfig/metrics/items/0/label|invalid-value /navConfig/metrics/items/2/name")]
    [InlineData("\"navConfig\":{\"\\ud800\":1}", "invalid-value /navConfig")]
    [InlineData("\"dependencies\":{}", "invalid-value /dependencies")]
    [InlineData("\"dependencies\":null", "invalid-value /dependencies")]
    [InlineData("\"dependencies\":[1]", "not-an-object /dependencies/0")]
    [InlineData("\"dependencies\":[\"A\"]", "invalid-module-name /dependencies/0")]
    [InlineData("\"dependencies\":[\"\\ud800\"]", "invalid-module-name /dependencies/0")]
    [InlineData("\"dependencies\":[{}]", "missing-field /dependencies/0/name")]
    [InlineData("\"dependencies\":[{\"name\":\"A\"}]", "invalid-module-name /dependencies/0/name")]
    [InlineData("\"dependencies\":[{\"name\":1}]", "invalid-module-name /dependencies/0/name")]
    [InlineData("\"dependencies\":[{\"name\":\"ai\",\"range\":1}]", "invalid-value /dependencies/0/range")]
    [InlineData("\"dependencies\":[{\"name\":\"ai\",\"range\":\"?\"}]", "invalid-value /dependencies/0/range")]
    [InlineData("\"dependencies\":[{\"name\":\"ai\",\"optional\":null}]", "invalid-value /dependencies/0/optional")]
    [InlineData("\"dependencies\":[{\"name\":\"A\",\"range\":\"?\",\"optional\":1,\"x\":1}]",
        "unknown-field /dependencies/0/x|invalid-module-name /dependencies/0/name|invalid-value /dependencies/0/range|invalid-value /dependencies/0/optional")]
    [InlineData("\"dependencies\":[\"ai\",{\"name\":\"ai\"}]", "invalid-value /dependencies/1/name")]
    [InlineData("\"dependencies\":[\"kb\"]", "invalid-value /dependencies/0")]
    [InlineData("\"requiredPermissions\":\"x\"", "invalid-value /requiredPermissions")]
    [InlineData("\"requiredPermissions\":[\"\",\"ok\",\"a b\",1,null,\"é\",\"\\ud800\",\"a,b\"]",
        "invalid-value /requiredPermissions/0|invalid-value /requiredPermissions/2|invalid-value /requiredPermissions/3|invalid-value /requiredPermissions/4|invalid-value /requiredPermissions/5|invalid-value /requiredPermissions/6|invalid-value /requiredPermissions/7")]
    [InlineData("\"enabled\":true", "unknown-field /enabled")]
    [InlineData("\"Name\":\"kb\"", "unknown-field /Name")]
    [InlineData("\"\\ud800\":1", "unknown-field ")]
    [InlineData("\"tier\":9,\"type\":2,\"config\":[],\"foo\":1,\"version\":\"x\"",
        "unknown-field /foo|invalid-value /tier|invalid-value /type|not-an-object /config|invalid-value /version")]
    public void Field_of_a_wrong_form_is_refused_with_its_place(string field, string expected) => AssertFaults($$"""{"name":"kb",{{field}}}""", null, expected);

    [Fact]
    public void Name_of_the_address_stands_and_may_be_repeated_but_not_contradicted()
    {
        var faults = new List<Fault>();
        Assert.Equal("kb", DefinitionJson.Read(MapAssert.Element("{}"), "kb", faults)!.Name);
        Assert.Equal("kb", DefinitionJson.Read(MapAssert.Element("""{"name":"kb"}"""), "kb", faults)!.Name);
        Assert.Empty(faults);
        AssertFaults("""{"name":"ai"}""", "kb", "module-name-fixed /name");
        AssertFaults("""{"name":null}""", "kb", "module-name-fixed /name");
        AssertFaults("""{"name":"\ud800"}""", "kb", "module-name-fixed /name");
    }

    [Fact]
    public void Text_and_lists_have_a_bound()
    {
        AssertFaults($$"""{"name":"kb","displayName":"{{new string('a', 201)}}","description":"{{new string('a', 2001)}}"}""", null, "invalid-value /displayName|invalid-value /description");
        AssertFaults($$"""{"name":"kb","dependencies":[{{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"m{i}\""))}}]}""", null, "invalid-value /dependencies");
        AssertFaults($$"""{"name":"kb","requiredPermissions":[{{string.Join(',', Enumerable.Range(0, 201).Select(i => $"\"m{i}\""))}}]}""", null, "invalid-value /requiredPermissions");
    }

    [Fact]
    public void Dependency_may_be_a_bare_name_or_an_object_and_keeps_its_place()
    {
        var read = Read("""{"name":"kb","dependencies":["ws",{"name":"ai","range":"^1.0.0","optional":true},{"name":"access","range":null}]}""", out _)!;
        Assert.Equal(["ws * False", "ai ^1.0.0 True", "access * False"], read.Dependencies.Select(d => $"{d.Name} {d.Range} {d.IsOptional}"));
    }

    [Fact]
    public void Written_definition_reads_back_equal() => Laws.HoldForDice(500, dice =>
    {
        var definition = dice.Definition("kb", ["ai", "ws", "access"]) with { IsRemoved = dice.Chance(20) };
        var text = DefinitionJson.ToValue(definition);
        var read = DefinitionJson.ReadStored(MapAssert.Element(text.ToString()));
        Assert.Equal(text, DefinitionJson.ToValue(read));
        Assert.Equal(definition.IsRemoved, read.IsRemoved);
        Assert.Equal(definition.Dependencies.AsEnumerable(), read.Dependencies.AsEnumerable());

        // What was read can be sent back; removing is no matter of a request.
        var faults = new List<Fault>();
        Assert.False(DefinitionJson.Read(MapAssert.Element(text.ToString()), "kb", faults)!.IsRemoved);
    });

    [Fact]
    public void Permission_with_a_comma_may_stay_where_it_is_known()
    {
        var known = DefinitionJson.ReadStored(MapAssert.Element("""{"name":"kb","requiredPermissions":["a,b"]}"""));
        var faults = new List<Fault>();

        var changed = DefinitionJson.Read(MapAssert.Element("""{"name":"kb","displayName":"New","requiredPermissions":["a,b"]}"""), "kb", faults, known);
        Assert.Equal(["a,b"], changed!.RequiredPermissions.AsEnumerable());
        Assert.Null(DefinitionJson.Read(MapAssert.Element("""{"name":"kb","requiredPermissions":["a,c"]}"""), "kb", faults, known));
    }

    [Fact]
    public void Permission_with_a_comma_is_refused_but_stays_readable_where_it_is_stored() =>
        Assert.Equal(["a,b"], DefinitionJson.ReadStored(MapAssert.Element("""{"name":"kb","requiredPermissions":["a,b"]}""")).RequiredPermissions.AsEnumerable());

    private static ModuleDefinition? Read(string body, out List<Fault> faults) => DefinitionJson.Read(MapAssert.Element(body), null, faults = []);

    private static void AssertFaults(string body, string? name, string expected)
    {
        var faults = new List<Fault>();
        Assert.Null(DefinitionJson.Read(MapAssert.Element(body), name, faults));
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), faults.Select(f => $"{f.Code} {f.Pointer}").Order(StringComparer.Ordinal));
        Assert.All(faults, f => Assert.NotEmpty(f.Message));
    }
}
