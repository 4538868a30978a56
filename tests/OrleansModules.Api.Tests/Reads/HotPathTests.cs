using OrleansModules.Api.Reads;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Reads;

/// <summary>The short way of hot reads answers what their routes answer.</summary>
public sealed class HotPathTests
{
    private static readonly (string Name, string Value)[][] Headers =
    [
        [],
        [("Accept", "application/json")],
        [("Accept", "text/html")],
        [("Accept-Encoding", "gzip")],
        [("Accept-Encoding", "br")],
        [("Accept-Encoding", "identity;q=0")],
        [("If-None-Match", "*")],
        [("If-None-Match", "\"s3.o1.w1\", \"s2.o1\"")],
        [("X-Org-Id", "globex")],
        [("Authorization", "Bearer nonsense")],
        [("Authorization", "")],
        [("X-API-Key", "nonsense")],
    ];

    public static TheoryData<string> Addresses => new(
        "/orgs/acme/modules", "/orgs/acme/modules/kb", "/orgs/acme/availability", "/orgs/nobody/modules", "/orgs/.x/modules",
        "/workspaces/w1/modules", "/workspaces/w1/modules/kb", "/workspaces/w1/modules/none", "/workspaces/w1/modules/-x", "/workspaces/w1/availability",
        "/workspaces/w2/modules", "/workspaces/w%31/modules", "/workspaces/w1/modules/k%62", "/workspaces/gone/modules", "/workspaces/w1/modules/kb/override");

    [Theory]
    [MemberData(nameof(Addresses))]
    [Requirement("B21")]
    public async Task Answer_of_the_short_way_is_that_of_the_route(string address)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb");
        await api.RegisterAsync("chat", $"\"config\":{{\"text\":\"{new string('x', 3000)}\"}}");
        await api.ScopesAsync();
        await api.ScopesAsync("globex", "gone");
        await api.PutAsync($"{Workspaces}/w1/modules/kb", """{"isEnabled":false}""");
        await api.DeleteAsync($"{Workspaces}/gone");

        foreach (var headers in Headers)
        {
            // Routes take any case; the short way takes one.
            var usual = await api.GetAsync("/api/platform" + address, headers);
            var routed = await api.GetAsync("/API/platform" + address, headers);

            Assert.Equal(routed.Status, usual.Status);
            Assert.Equal(HeadersOf(routed), HeadersOf(usual));
            if (routed.Status < 400)
            {
                Assert.Equal(routed.Bytes, usual.Bytes);
            }
            else if (routed.Bytes.Length > 0)
            {
                Assert.Equal(routed["code"], usual["code"]);
                Assert.Equal(routed["detail"], usual["detail"]);
            }
        }
    }

    [Theory]
    [InlineData("/api/platform/orgs/a/modules", "Map org/a ")]
    [InlineData("/api/platform/orgs/a/modules/kb", "Module org/a kb")]
    [InlineData("/api/platform/workspaces/a.b-c_D/availability", "Available workspace/a.b-c_D ")]
    [InlineData("/api/platform/workspaces/a/modules/", null)]
    [InlineData("/api/platform/workspaces/a/modules/kb/", null)]
    [InlineData("/api/platform/workspaces/a/modules/kb/explain", null)]
    [InlineData("/api/platform/workspaces/a/modulesx", null)]
    [InlineData("/api/platform/workspaces/a", null)]
    [InlineData("/api/platform/workspaces/", null)]
    [InlineData("/api/platform/workspaces//modules", null)]
    [InlineData("/api/platform/workspaces/ä/modules", null)]
    [InlineData("/api/platform/modules", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [Requirement("B21")]
    public void Address_is_read_in_its_usual_spelling_only(string? path, string? expected)
    {
        var isRead = HotAddress.TryParse(path, out var address);

        Assert.Equal(expected, isRead ? $"{address.What} {address.Scope} {address.Module}" : null);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", false)]
    [Requirement("B21")]
    public async Task Read_of_a_stranger_is_refused_on_the_short_way_too(string method, bool hasBody)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        (await api.GetAsync($"{Workspaces}/w1/modules")).Is(200); // remembered from now on

        var refused = await api.SendAsync(new HttpMethod(method), $"{Workspaces}/w1/modules", null, ("Authorization", "Bearer modules_nonsense"));

        refused.Is(401);
        Assert.Equal(hasBody, refused.Bytes.Length > 0);
    }

    [Fact]
    [Requirement("B21")]
    public void Every_hot_read_has_a_pattern_that_reads_back()
    {
        foreach (var what in Enum.GetValues<HotRead>())
        {
            var path = HotAddress.Pattern(what, ScopeKind.Workspace).Replace("{id}", "w1", StringComparison.Ordinal).Replace("{name}", "kb", StringComparison.Ordinal).TrimEnd('/');

            Assert.True(HotAddress.TryParse(path, out var address), path);
            Assert.Equal((what, ScopeId.Workspace("w1")), (address.What, address.Scope));
        }
    }

    private static string HeadersOf(Answer answer) => string.Join('\n', answer.Headers.Concat(answer.Content)
        .Where(h => h.Key is not ("Date" or "Content-Length" or "Traceparent")).OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}"));
}
