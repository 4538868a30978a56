using OrleansModules.Api.OpenFeature;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>The short way of evaluations answers what their routes answer.</summary>
public sealed class EvaluationPathTests
{
    private static readonly (string Name, string Value)[][] Headers = [[], [("Accept-Encoding", "gzip")], [("If-None-Match", "\"other\"")], [("Authorization", "Bearer nonsense")], [("Authorization", "")]];

    private static readonly string[] Bodies =
    [
        """{"context":{"targetingKey":"w1"}}""",
        """{"context":{"targetingKey":"acme","scopeKind":"org"}}""",
        """{"context":{"targetingKey":"nobody"}}""",
        """{"context":{}}""",
        "{",
    ];

    [Theory]
    [InlineData("/flags")]
    [InlineData("/flags/module-kb")]
    [InlineData("/flags/module-kb.config")]
    [InlineData("/flags/module-kb.config.text")]
    [InlineData("/flags/none")]
    [InlineData("/flags/module-%6Bb")]
    public async Task Answer_of_the_short_way_is_that_of_the_route(string address)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("module-kb", "\"config\":{\"text\":\"x\"}");
        await api.ScopesAsync();

        foreach (var body in Bodies)
        {
            foreach (var headers in Headers)
            {
                // Routes take any case; the short way takes one.
                var usual = await api.PostAsync("/ofrep/v1/evaluate" + address, body, headers);
                var routed = await api.PostAsync("/OFREP/v1/evaluate" + address, body, headers);

                Assert.Equal(routed.Status, usual.Status);
                Assert.Equal(routed.ETag, usual.ETag);
                Assert.Equal(routed.Headers.CacheControl, usual.Headers.CacheControl);
                Assert.Equal(routed.Content.ContentType, usual.Content.ContentType);
                Assert.Equal(routed.Content.ContentEncoding, usual.Content.ContentEncoding);
                if (routed.Status == 401)
                {
                    Assert.Equal(routed["code"], usual["code"]);
                }
                else
                {
                    Assert.Equal(routed.Bytes, usual.Bytes);
                }
            }
        }
    }

    [Theory]
    [InlineData("/ofrep/v1/evaluate/flags", true, null)]
    [InlineData("/ofrep/v1/evaluate/flags/a.b", true, "a.b")]
    [InlineData("/ofrep/v1/evaluate/flags/", false, null)]
    [InlineData("/ofrep/v1/evaluate/flags/a/b", false, null)]
    [InlineData("/ofrep/v1/evaluate/flagsx", false, null)]
    [InlineData("/ofrep/v1/evaluate", false, null)]
    [InlineData(null, false, null)]
    public void Address_is_read_in_its_usual_spelling_only(string? path, bool expected, string? key)
    {
        Assert.Equal(expected, EvaluationPath.TryParse(path, out var read));
        Assert.Equal(key, expected ? read : null);
    }
}
