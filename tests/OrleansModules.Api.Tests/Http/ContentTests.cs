using System.IO.Compression;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Http;

/// <summary>Codings, media types, HEAD, the older names of routes, batch reads.</summary>
public sealed class ContentTests
{
    private const string WsMap = $"{Workspaces}/w1/modules";

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    [InlineData("identity", null)]
    [InlineData("*", "br")]
    [InlineData("BR", "br")]
    [InlineData("gzip;q=1.0, br;q=0.5", "gzip")]
    [InlineData("gzip;q=0.2, br;q=0.2", "br")]
    [InlineData("gzip;q=0.5, identity", null)]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("gzip;q=0.001", "gzip")]
    [InlineData("identity;q=0, gzip", "gzip")]
    [InlineData("identity;q=0, *;q=0.5", "br")]
    [InlineData("no header at all;;", null)]
    public async Task Map_is_coded_as_the_client_prefers_and_is_the_same_decoded(string acceptEncoding, string? coding)
    {
        await using var api = await StartAsync();
        var plain = (await api.GetAsync(WsMap)).Is(200);
        Assert.Empty(plain.Content.ContentEncoding);

        var coded = (await api.GetAsync(WsMap, ("Accept-Encoding", acceptEncoding))).Is(200);

        Assert.Equal(coding, coded.Content.ContentEncoding.SingleOrDefault());
        Assert.Equal(plain.Bytes, Decode(coded));
        Assert.Equal(("Accept-Encoding", "Accept-Encoding"), (plain.Headers.Vary.Single(), coded.Headers.Vary.Single()));
        Assert.Equal(coded.Bytes.Length, coded.Content.ContentLength);
    }

    [Theory]
    [InlineData("identity;q=0")]
    [InlineData("*;q=0")]
    [InlineData("identity;q=0, deflate")]
    [InlineData("br;q=0, gzip;q=0, identity;q=0")]
    public async Task Codings_none_of_which_there_is_are_refused(string acceptEncoding)
    {
        await using var api = await StartAsync();

        Assert.Null((await api.GetAsync(WsMap, ("Accept-Encoding", acceptEncoding))).IsProblem(406, "not-acceptable").ETag);
    }

    [Fact]
    public async Task Short_answer_is_plain_unless_plain_is_refused()
    {
        await using var api = await StartAsync();
        var path = $"{Workspaces}/w1/availability";

        Assert.Empty((await api.GetAsync(path, ("Accept-Encoding", "gzip"))).Is(200).Content.ContentEncoding);
        Assert.Empty((await api.GetAsync(path, ("Accept-Encoding", "br;q=0, gzip"))).Is(200).Content.ContentEncoding);
        foreach (var refusing in new[] { "identity;q=0, gzip", "*;q=0, gzip", "gzip, identity;q=0.0" })
        {
            var coded = (await api.GetAsync(path, ("Accept-Encoding", refusing))).Is(200);
            Assert.Equal("gzip", coded.Content.ContentEncoding.SingleOrDefault());
            Assert.Equal("""{"available":["kb","other"],"version":"s2.o1.w1"}"""u8.ToArray(), Decode(coded));
        }
    }

    [Theory]
    [InlineData("text/html", false)]
    [InlineData("application/json;q=0", false)]
    [InlineData("*/*, application/json;q=0", false)]
    [InlineData("application/problem+json", false)]
    [InlineData("???", false)]
    [InlineData("text/html, */*;q=0.1", true)]
    [InlineData("application/*", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("APPLICATION/JSON", true)]
    public async Task Accept_decides_everywhere(string accept, bool isTaken)
    {
        await using var api = await StartAsync();

        foreach (var path in new[] { WsMap, $"{WsMap}/kb", $"{Workspaces}/w1/availability", $"{WsMap}/kb/explain", Workspaces, $"{Workspaces}/w1", $"{Workspaces}/w1/history", Modules, $"{Modules}/kb" })
        {
            var answer = await api.GetAsync(path, ("Accept", accept));
            _ = isTaken ? answer.Is(200) : answer.IsProblem(406, "not-acceptable");
        }

        var write = await api.DeleteAsync($"{WsMap}/kb", ("Accept", accept));
        _ = isTaken ? write.Is(200) : write.IsProblem(406, "not-acceptable");
    }

    [Theory]
    [InlineData(WsMap)]
    [InlineData($"{WsMap}/kb")]
    [InlineData($"{Workspaces}/w1/availability")]
    [InlineData($"{WsMap}/kb/explain")]
    [InlineData(Modules)]
    [InlineData($"{Modules}/kb")]
    [InlineData(Orgs)]
    [InlineData($"{Orgs}/acme")]
    [InlineData("/api/platform/history")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData($"{WsMap}/nobody")]
    [InlineData($"{Orgs}/nobody")]
    [InlineData("/nowhere")]
    public async Task Head_answers_the_headers_of_get_without_a_body(string path)
    {
        await using var api = await StartAsync(onKestrel: true);
        foreach (var encoding in new[] { "identity", "br" })
        {
            var get = await api.GetAsync(path, ("Accept-Encoding", encoding));
            var head = await api.SendAsync(HttpMethod.Head, path, null, ("Accept-Encoding", encoding));

            Assert.Empty(head.Bytes);
            Assert.Equal(get.Status, head.Status);
            Assert.Equal(Headers(get), Headers(head));
        }

        static string[] Headers(Answer answer) => [.. answer.Headers.Concat(answer.Content)
            .Where(h => h.Key is not ("Date" or "Transfer-Encoding") && (answer.Status < 400 || h.Key is not "Content-Length"))
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("PUT", "text/plain")]
    [InlineData("PUT", "application/merge-patch+json")]
    [InlineData("PUT", "application/json; charset=utf-16")]
    [InlineData("PUT", "application/xml")]
    [InlineData("PUT", "")]
    [InlineData("PUT", "no type")]
    [InlineData("PATCH", "application/json-patch+json")]
    [InlineData("PATCH", "text/json")]
    [InlineData("POST", "application/x-www-form-urlencoded")]
    public async Task Body_of_another_media_type_is_refused(string method, string contentType)
    {
        await using var api = await StartAsync();
        foreach (var path in method is "POST" ? new[] { Modules, "/api/platform/batch" } : [$"{Modules}/kb", $"{WsMap}/kb", $"{Orgs}/acme/modules/kb"])
        {
            (await api.SendAsync(HttpMethod.Parse(method), path, "{}", ("Content-Type", contentType))).IsProblem(415, "unsupported-media-type");
        }
    }

    [Theory]
    [InlineData("PUT", "application/json; charset=UTF-8")]
    [InlineData("PUT", "application/json; charset=\"utf-8\"")]
    [InlineData("PUT", "APPLICATION/JSON")]
    [InlineData("PUT", "application/vnd.host+json")]
    [InlineData("PATCH", "application/json")]
    [InlineData("PATCH", "application/merge-patch+json; charset=utf-8")]
    public async Task Body_of_an_accepted_media_type_is_taken(string method, string contentType)
    {
        await using var api = await StartAsync();

        (await api.SendAsync(HttpMethod.Parse(method), $"{WsMap}/kb", """{"isEnabled":false}""", ("Content-Type", contentType))).Is(200);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Body_over_the_limit_is_refused(bool onKestrel, bool isChunked)
    {
        await using var api = await StartAsync(onKestrel, ("MaxBodyBytes", "1024"));
        var atLimit = """{"configOverrides":{"a":"###"}}""".Replace("###", new string('x', 1024 - """{"configOverrides":{"a":""}}""".Length), StringComparison.Ordinal);
        (await api.PutAsync($"{WsMap}/kb", atLimit)).Is(200);
        foreach (var length in new[] { 1025, 300_000 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"{WsMap}/kb") { Content = new ByteArrayContent(new byte[length]) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = isChunked;
            using var message = await api.Client.SendAsync(request);

            new Answer((int)message.StatusCode, await message.Content.ReadAsByteArrayAsync(), message).IsProblem(413, "body-too-large");
        }

        (await api.DeleteAsync($"{WsMap}/kb")).Is(200);
    }

    [Fact]
    [Requirement("B17")]
    public async Task Older_route_names_answer_the_same()
    {
        await using var api = await StartAsync();
        foreach (var (alias, canonical) in new[]
        {
            ("/admin/sys/mgmt/modules", Modules), ("/admin/sys/mgmt/modules/kb", $"{Modules}/kb"),
            ("/admin/org/mgmt/modules?orgId=acme", $"{Orgs}/acme/modules"), ("/admin/org/mgmt/modules/kb?orgId=acme", $"{Orgs}/acme/modules/kb"),
            ("/admin/ws/w1/mgmt/modules", WsMap), ("/admin/ws/w1/mgmt/modules/kb", $"{WsMap}/kb"),
        })
        {
            var (a, c) = ((await api.GetAsync(alias)).Is(200), (await api.GetAsync(canonical)).Is(200));
            Assert.Equal((c.Text, c.ETag), (a.Text, a.ETag));
        }

        var map = await api.GetAsync($"{Orgs}/acme/modules");
        Assert.Equal(map.Text, (await api.GetAsync("/admin/org/mgmt/modules", ("X-Org-Id", "acme"))).Is(200).Text);
        Assert.Equal(["invalid-id id"], (await api.GetAsync("/admin/org/mgmt/modules")).IsProblem(400, "invalid-id").Faults);
        (await api.GetAsync("/admin/org/mgmt/modules?orgId=nobody")).IsProblem(404, "org-not-found");
        (await api.GetAsync($"{Orgs}/acme/modules?orgId=other")).IsProblem(400, "invalid-parameter");
        (await api.PutAsync($"{WsMap}/kb?orgId=other", "{}")).IsProblem(400, "invalid-parameter");
    }

    [Fact]
    [Requirement("B17")]
    public async Task Older_route_names_take_writes()
    {
        await using var api = await StartAsync();

        Assert.Equal("/api/platform/modules/new", (await api.PostAsync("/admin/sys/mgmt/modules", """{"name":"new"}""")).Is(201).Headers.Location?.ToString());
        (await api.PostAsync("/admin/sys/mgmt/modules/new/disable")).Is(200);
        (await api.PutAsync("/admin/org/mgmt/modules/kb?orgId=acme", """{"configOverrides":{"a":1}}""")).Is(200);
        (await api.PatchAsync("/admin/org/mgmt/modules/kb", """{"configOverrides":{"b":2}}""", ("X-Org-Id", "acme"))).Is(200);
        (await api.PutAsync("/admin/ws/w1/mgmt/modules/kb", """{"configOverrides":{"c":3}}""")).Is(200);
        var module = await api.GetAsync($"{WsMap}/kb");
        Assert.Equal(3, module.Json["config"]!.AsObject().Count(m => m.Key is "a" or "b" or "c"));
        (await api.DeleteAsync("/admin/org/mgmt/modules/kb?orgId=acme")).Is(200);
        Assert.Equal("""{"c":3}""", (await api.GetAsync($"{WsMap}/kb/override")).Json["override"]!["configOverrides"]!.ToJsonString());
    }

    [Fact]
    public async Task Batch_answers_what_single_reads_answer()
    {
        await using var api = await StartAsync();
        (await api.PutAsync($"{Workspaces}/w2", """{"orgId":"acme"}""")).Is(201);
        (await api.PutAsync($"{Workspaces}/w2/modules/kb", """{"isEnabled":false}""")).Is(200);

        var maps = (await api.PostAsync("/api/platform/batch", """{"workspaces":["w2","nobody","w1","gone"]}""")).Is(200);
        Assert.Equal(["nobody", "gone"], maps.Strings("notFound"));
        Assert.Equal(["w2", "w1"], maps.Json["results"]!.AsArray().Select(r => (string?)r!["workspaceId"]));
        foreach (var item in maps.Json["results"]!.AsArray())
        {
            var map = (await api.GetAsync($"{Workspaces}/{item!["workspaceId"]}/modules")).Json;
            map["workspaceId"] = (string?)item["workspaceId"];
            Assert.True(JsonNode.DeepEquals(map, item));
        }

        var names = (await api.PostAsync("/api/platform/batch", """{"workspaces":["w1","w2"],"view":"availability"}""")).Is(200);
        Assert.Equal("""{"results":[{"workspaceId":"w1","available":["kb","other"],"version":"s2.o1.w1"},{"workspaceId":"w2","available":["other"],"version":"s2.o1.w2"}],"notFound":[]}""", names.Text);
        Assert.Equal("""{"results":[],"notFound":[]}""", (await api.PostAsync("/api/platform/batch", """{"workspaces":[]}""")).Is(200).Text);
    }

    private static byte[] Decode(Answer answer)
    {
        using var from = new MemoryStream(answer.Bytes);
        using Stream decoding = answer.Content.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(from, CompressionMode.Decompress),
            "br" => new BrotliStream(from, CompressionMode.Decompress),
            _ => from,
        };
        using var to = new MemoryStream();
        decoding.CopyTo(to);
        return to.ToArray();
    }

    private static async Task<ApiFixture> StartAsync(bool onKestrel = false, params (string Name, string Value)[] settings)
    {
        var api = await ApiFixture.StartAsync(onKestrel, settings);
        await api.RegisterAsync("kb", $"\"config\":{{\"text\":\"{new string('x', 600)}\"}}");
        await api.RegisterAsync("other");
        await api.ScopesAsync();
        return api;
    }
}
