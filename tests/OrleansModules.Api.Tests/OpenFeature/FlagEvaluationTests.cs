using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;
using static OrleansModules.Api.Tests.OpenFeature.Evaluations;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>Evaluations: keys, values, reasons, who decided, errors.</summary>
public sealed class FlagEvaluationTests
{
    [Theory]
    [InlineData("module-kb", "true", "STATIC", "system")]
    [InlineData("module-kb.flags.beta", "true", "TARGETING_MATCH", "workspace")]
    [InlineData("module-kb.flags.dark.mode", "true", "STATIC", "system")]
    [InlineData("module-kb.config.limit", "7", "TARGETING_MATCH", "org")]
    [InlineData("module-kb.config.ratio", "0.5", "STATIC", "system")]
    [InlineData("module-kb.config.mode", "\"fast\"", "STATIC", "system")]
    [InlineData("module-kb.config.search", """{"deep":{"x":true},"depth":3}""", "STATIC", "system")]
    [InlineData("module-kb.config.search.deep.x", "true", "STATIC", "system")]
    [InlineData("module-kb.config.a.b", "1", "STATIC", "system")]
    [InlineData("module-kb.config.a.c", "3", "STATIC", "system")]
    public async Task Key_has_its_value_reason_and_decider_singly_and_in_bulk(string key, string value, string reason, string decidedBy)
    {
        await using var api = await StartAsync();
        (await api.OverrideAsync("orgs/acme", "module-kb", """{"configOverrides":{"limit":7}}""")).Is(200);
        (await api.OverrideAsync("workspaces/w1", "module-kb", """{"featureFlagOverrides":{"beta":true}}""")).Is(200);

        var single = (await api.SingleAsync(key)).Is(200).Json;
        var bulk = (await api.BulkAsync()).Is(200).Flag(key);

        foreach (var flag in new[] { single, bulk })
        {
            Assert.Equal(value, flag["value"]!.ToJsonString());
            Assert.Equal(reason, (string?)flag["reason"]);
            Assert.Equal(decidedBy, (string?)flag["metadata"]!["decidedBy"]);
            Assert.True((bool)flag["metadata"]!["available"]!);
        }

        Assert.Equal("s2.o2.w2", (string?)single["metadata"]!["version"]);
        Assert.Equal(single["value"]!.ToJsonString(), (await api.SingleAsync(key)).Json["value"]!.ToJsonString()); // from the cache
    }

    [Theory]
    [InlineData("orgs/acme", "org", "org/acme", "disabled-by-org")]
    [InlineData("workspaces/w1", "workspace", "workspace/w1", "disabled-by-workspace")]
    public async Task Unavailable_module_is_false_and_says_who_blocks_it(string scope, string decidedBy, string blockedBy, string code)
    {
        await using var api = await StartAsync();
        (await api.PutAsync($"/api/platform/{scope}/modules/module-kb?force=true", """{"isEnabled":false}""")).Is(200);

        foreach (var flag in new[] { (await api.SingleAsync("module-kb")).Json, (await api.BulkAsync()).Flag("module-kb") })
        {
            Assert.False((bool)flag["value"]!);
            Assert.Equal("DISABLED", (string?)flag["reason"]);
            Assert.Equal(decidedBy, (string?)flag["metadata"]!["decidedBy"]);
            Assert.Equal(blockedBy, (string?)flag["metadata"]!["blockedBy"]);
            Assert.Equal(code, (string?)flag["metadata"]!["blockedCode"]);
        }

        var dependent = (await api.SingleAsync("module-eval")).Json;
        Assert.Equal(("dependency", "module-kb"), ((string?)dependent["metadata"]!["decidedBy"], (string?)dependent["metadata"]!["blockedBy"]));
        Assert.False((bool)(await api.SingleAsync("module-kb.config.limit")).Json["metadata"]!["available"]!);
    }

    [Fact]
    public async Task Organization_is_asked_where_the_context_says_so()
    {
        await using var api = await StartAsync();
        (await api.OverrideAsync("workspaces/w1", "module-kb", """{"configOverrides":{"limit":1}}""")).Is(200);

        var org = (await api.BulkAsync("""{"scopeKind":"org","targetingKey":"acme"}""")).Is(200);

        Assert.Equal(20, (int)org.Flag("module-kb.config.limit")["value"]!);
        Assert.Equal("org/acme", (string?)org.Json["metadata"]!["scope"]);
        Assert.Equal(1, (int)(await api.SingleAsync("module-kb.config.limit", """{"targetingKey":"w1","scopeKind":"workspace"}""")).Json["value"]!);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("module-none")]
    [InlineData("module-kb.")]
    [InlineData("module-kb.flags.none")]
    [InlineData("module-kb.flags.")]
    [InlineData("module-kb.config.")]
    [InlineData("module-kb.config.none")]
    [InlineData("module-kb.config.limit.x")]
    [InlineData("module-kb.config.nothing")]
    [InlineData("module-kb.configuration")]
    [InlineData("Module-KB")]
    [InlineData("%20")]
    public async Task Unknown_key_is_not_found(string key)
    {
        await using var api = await StartAsync();

        var answer = (await api.SingleAsync(key)).Is(404);
        Assert.Equal((Uri.UnescapeDataString(key), "FLAG_NOT_FOUND"), (answer["key"], answer["errorCode"]));
    }

    [Theory]
    [InlineData("", "PARSE_ERROR")]
    [InlineData("{", "PARSE_ERROR")]
    [InlineData("[]", "PARSE_ERROR")]
    [InlineData("1 2", "PARSE_ERROR")]
    [InlineData("{} {}", "PARSE_ERROR")]
    [InlineData("""{"context":{"targetingKey":"\ud800"}}""", "PARSE_ERROR")]
    [InlineData("""{"context":{"targetingKey":"w1"},"context":{}}""", "PARSE_ERROR")]
    [InlineData("""{"context":{"targetingKey":"w1","scopeKind":"org"},"context":{"targetingKey":"w1"}}""", "PARSE_ERROR")]
    [InlineData("""{"context":{"targetingKey":"w1","targetingKey":"w1"}}""", "PARSE_ERROR")]
    [InlineData("""{"context":{"scopeKind":"workspace","targetingKey":"w1","scopeKind":"org"}}""", "PARSE_ERROR")]
    [InlineData("{}", "INVALID_CONTEXT")]
    [InlineData("""{"context":1}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":{"a":1}}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":"-"}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":"nobody"}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":"w1","scopeKind":"team"}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{"targetingKey":"w1","scopeKind":["org"]}}""", "INVALID_CONTEXT")]
    [InlineData("""{"context":{}}""", "TARGETING_KEY_MISSING")]
    [InlineData("""{"context":{"targetingKey":null}}""", "TARGETING_KEY_MISSING")]
    [InlineData("""{"context":{"targetingKey":""}}""", "TARGETING_KEY_MISSING")]
    public async Task Bad_request_is_refused_in_the_words_of_the_protocol(string body, string code)
    {
        await using var api = await StartAsync();

        var single = (await api.PostAsync($"{Flags}/module-kb", body)).Is(400).Json;
        var bulk = (await api.PostAsync(Flags, body)).Is(400).Json;

        Assert.Equal((code, code), ((string?)single["errorCode"], (string?)bulk["errorCode"]));
        Assert.Equal(("module-kb", null), ((string?)single["key"], (string?)bulk["key"]));
    }

    [Fact]
    public async Task Large_and_deep_bodies_are_refused()
    {
        await using var api = await StartAsync(onKestrel: true, ("MaxBodyBytes", "1024"));

        Assert.Equal("PARSE_ERROR", (await api.BulkAsync($$"""{"targetingKey":"w1","x":"{{new string('x', 2000)}}"}""")).Is(400)["errorCode"]);
        Assert.Equal("PARSE_ERROR", (await api.BulkAsync($$"""{"targetingKey":"w1","x":{{new string('[', 40)}}{{new string(']', 40)}}}""")).Is(400)["errorCode"]);
    }

    [Theory]
    [InlineData("Content-Length: 100000000", "{")]
    [InlineData("Transfer-Encoding: chunked", "nonsense\r\n\r\n")]
    public async Task Transfer_that_cannot_be_read_is_refused_in_the_words_of_the_protocol(string header, string body)
    {
        await using var api = await StartAsync(onKestrel: true);
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {Flags} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {ApiFixture.Bootstrap}\r\nContent-Type: application/json\r\nConnection: close\r\n{header}\r\n\r\n{body}"));

        using var reader = new StreamReader(connection.GetStream());
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"errorCode\":\"PARSE_ERROR\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attributes_that_do_not_count_are_skipped()
    {
        await using var api = await StartAsync();

        (await api.PostAsync($"{Flags}/module-kb", """{"x":{"context":{"targetingKey":"no"}},"context":{"user":{"targetingKey":"no","list":[1,{"scopeKind":"org"}]},"targetingKey":"w1","plan":null},"y":[]}""")).Is(200);
    }

    [Fact]
    public async Task Unchanged_flags_are_304_without_a_body_and_a_change_is_not()
    {
        await using var api = await StartAsync();
        var first = (await api.BulkAsync()).Is(200);

        var same = (await api.BulkAsync(headers: ("If-None-Match", first.ETag!))).Is(304);
        (await api.BulkAsync(headers: ("If-None-Match", "\"x\", W/" + first.ETag))).Is(304);
        Assert.Empty(same.Bytes);
        Assert.Equal(first.ETag, same.ETag);

        (await api.OverrideAsync("workspaces/w1", "module-kb", """{"isEnabled":false}""")).Is(200);
        var changed = (await api.BulkAsync(headers: ("If-None-Match", first.ETag!))).Is(200);
        Assert.False((bool)changed.Flag("module-kb")["value"]!);
        Assert.NotEqual(first.ETag, changed.ETag);
    }

    [Fact]
    public async Task Tag_of_an_event_waits_for_its_version_and_others_are_ignored()
    {
        await using var api = await StartAsync(settings: ("AtLeastPatience", "00:00:00.010"));

        (await api.BulkAsync(query: "?flagConfigEtag=s2.o1.w1:workspace/w1:5&flagConfigLastModified=1771622898")).Is(200);
        (await api.BulkAsync(query: "?flagConfigEtag=550e8400&other=1")).Is(200);
        (await api.BulkAsync(query: "?flagConfigEtag=s9.o9.w9:workspace/w2:5")).Is(200);
        var behind = (await api.BulkAsync(query: "?flagConfigEtag=s2.o1.w9:workspace/w1:5")).Is(500).Json;
        Assert.Equal("GENERAL", (string?)behind["errorCode"]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData(null)]
    public async Task Bulk_answer_is_the_same_in_every_coding(string? coding)
    {
        await using var api = await StartAsync();
        var plain = (await api.BulkAsync()).Text;
        var answer = coding is null ? await api.BulkAsync() : await api.BulkAsync(headers: ("Accept-Encoding", coding));

        Assert.Equal(coding, answer.Content.ContentEncoding.SingleOrDefault());
        using var bytes = new MemoryStream(answer.Bytes);
        await using Stream decoded = coding switch
        {
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        };
        using var reader = new StreamReader(decoded);
        Assert.Equal(plain, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Removed_and_wrong_addresses_are_not_served()
    {
        await using var api = await StartAsync();

        (await api.GetAsync(Flags)).Is(405);
        (await api.GetAsync("/ofrep/v1/configuration")).Is(404);
    }

    [Fact]
    public async Task Every_flag_of_a_bulk_answer_is_the_same_singly()
    {
        await using var api = await StartAsync();
        (await api.OverrideAsync("orgs/acme", "module-kb", """{"isEnabled":false,"configOverrides":{"search":{"depth":9}}}""")).Is(200);

        foreach (var flag in (await api.BulkAsync()).Is(200).Json["flags"]!.AsArray())
        {
            var single = (await api.SingleAsync((string)flag!["key"]!)).Is(200).Json;
            Assert.True(single["metadata"]!.AsObject().Remove("version"));
            Assert.Equal(flag.ToJsonString(), single.ToJsonString());
        }
    }

    [Theory]
    [InlineData("shallow", "workspace")]
    [InlineData("deep", "system")]
    public async Task Decider_of_an_inner_value_follows_the_merge(string merge, string decidedBy)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("module-kb", $$$"""  "configMerge":"{{{merge}}}","config":{"search":{"depth":3,"x":1}} """);
        await api.ScopesAsync();
        (await api.OverrideAsync("workspaces/w1", "module-kb", """{"configOverrides":{"search":{"x":1,"depth":3}}}""")).Is(200);
        if (merge is "deep")
        {
            (await api.PatchAsync($"{Workspaces}/w1/modules/module-kb", """{"configOverrides":{"search":{"depth":null}}}""")).Is(200);
        }

        Assert.Equal(decidedBy, (string?)(await api.SingleAsync("module-kb.config.search.depth")).Is(200).Json["metadata"]!["decidedBy"]);
        Assert.Equal("workspace", (string?)(await api.SingleAsync("module-kb.config.search.x")).Is(200).Json["metadata"]!["decidedBy"]);
    }
}
