using OrleansModules.Api.OpenFeature;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.OpenFeature.Evaluations;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>Evaluations of configurations with many values, long names, and names that look like paths or addresses.</summary>
public sealed class LargeConfigTests
{
    [Fact]
    public async Task Bulk_answer_names_some_of_very_many_values_and_each_can_be_asked_for()
    {
        await using var api = await StartAsync();
        var many = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"k{i}\":{i}"));
        var flags = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"f{i}\":true"));
        (await api.OverrideAsync("workspaces/w1", "module-kb", "{\"configOverrides\":{" + many + "},\"featureFlagOverrides\":{" + flags + "}}")).Is(200);

        var keys = Keys(await api.BulkAsync());

        Assert.Equal(FlagJson.BulkValues, keys.Count(k => k.StartsWith("module-kb.config.", StringComparison.Ordinal)));
        Assert.Equal(20_002, keys.Count(k => k.StartsWith("module-kb.flags.", StringComparison.Ordinal)));
        var last = (await api.SingleAsync("module-kb.config.k19999")).Is(200).Json;
        Assert.Equal((19_999, "workspace"), ((int)last["value"]!, (string?)last["metadata"]!["decidedBy"]));
        Assert.Equal("system", (string?)(await api.SingleAsync("module-kb.config.limit")).Is(200).Json["metadata"]!["decidedBy"]);
    }

    [Fact]
    public async Task Bulk_answer_names_no_path_that_is_very_long()
    {
        await using var api = await StartAsync();
        var name = new string('n', ConfigPath.BulkLength - 2);
        (await api.OverrideAsync("workspaces/w1", "module-kb", $$$"""{"configOverrides":{"{{{name}}}":{"a":1,"bcd":2},"{{{name}}}xyz":3}}""")).Is(200);

        var keys = Keys(await api.BulkAsync());

        Assert.Contains($"module-kb.config.{name}.a", keys);
        Assert.DoesNotContain($"module-kb.config.{name}.bcd", keys);
        Assert.DoesNotContain($"module-kb.config.{name}xyz", keys);
        Assert.Equal(2, (int)(await api.SingleAsync($"module-kb.config.{name}.bcd")).Is(200).Json["value"]!);
    }

    [Theory]
    [InlineData("""{"a":{"b.c":1},"a.b":{"c":2}}""", "a.b.c", 2)]
    [InlineData("""{"a":{"b.c":1},"a.b":{"d":2}}""", "a.b.c", 1)]
    [InlineData("""{"a":{"b.c":1},"a.b":{"c":2},"a.b.c":3}""", "a.b.c", 3)]
    [InlineData("""{"a.b":{"c":{"d":{"e":{"f":1}}}},"a":{"b.c.d.e.f":2}}""", "a.b.c.d.e.f", 2)]
    public async Task Path_of_several_spellings_is_the_same_value_singly_and_in_bulk(string config, string path, int value)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("module-kb", $"\"config\":{config}");
        await api.ScopesAsync();

        Assert.Equal(value, (int)(await api.SingleAsync($"module-kb.config.{path}")).Is(200).Json["value"]!);
        Assert.Equal(value, (int)(await api.BulkAsync()).Flag($"module-kb.config.{path}")["value"]!);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("/")]
    [InlineData("100 %")]
    [InlineData("a?b#c")]
    [InlineData("grüße/日本")]
    public async Task Name_with_any_character_is_asked_for_as_it_was_listed(string name)
    {
        await using var api = await ApiFixture.StartAsync(onKestrel: true);
        var quoted = System.Text.Json.JsonSerializer.Serialize(name);
        await api.RegisterAsync("module-kb", $$"""  "config":{{{quoted}}:7},"featureFlags":{{{quoted}}:true} """);
        await api.ScopesAsync();

        foreach (var key in new[] { $"module-kb.config.{name}", $"module-kb.flags.{name}" })
        {
            var listed = (await api.BulkAsync()).Flag(key)["value"]!.ToJsonString();
            var single = (await api.SingleAsync(Uri.EscapeDataString(key))).Is(200).Json;
            Assert.Equal((key, listed), ((string?)single["key"], single["value"]!.ToJsonString()));
        }
    }

    private static List<string> Keys(Answer bulk) => [.. bulk.Is(200).Json["flags"]!.AsArray().Select(f => (string)f!["key"]!)];
}
