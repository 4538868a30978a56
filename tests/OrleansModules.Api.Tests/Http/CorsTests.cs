using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Http;

/// <summary>Calls from pages of other origins.</summary>
public sealed class CorsTests
{
    private const string Page = "https://app.example.com";

    [Theory]
    [InlineData($"{Orgs}/acme/modules", 200)]
    [InlineData($"{Orgs}/nobody", 404)]
    [InlineData($"{Orgs}/-", 400)]
    [InlineData("/nowhere", 404)]
    public async Task Answer_to_a_configured_origin_exposes_the_headers(string path, int status)
    {
        await using var api = await ApiFixture.StartAsync(settings: ("CorsOrigins:0", Page));
        await api.ScopesAsync();

        var answer = (await api.GetAsync(path, ("Origin", Page))).Is(status);

        Assert.Equal(Page, answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var exposed = string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers"));
        Assert.All(new[] { "ETag", "Idempotent-Replayed", "Location", "Retry-After" }, name => Assert.Contains(name, exposed, StringComparison.Ordinal));
        Assert.False((await api.GetAsync(path, ("Origin", "https://other.example.com"))).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Preflight_is_answered_where_an_origin_is_configured()
    {
        await using var api = await ApiFixture.StartAsync(settings: ("CorsOrigins:0", Page));

        var allowed = (await api.SendAsync(HttpMethod.Options, $"{Modules}/kb", null, ("Origin", Page), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "if-match,content-type"))).Is(204);

        Assert.Contains("PATCH", string.Join(',', allowed.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.Contains("if-match", string.Join(',', allowed.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Vary_of_a_map_names_the_encoding_and_where_there_are_several_the_origin()
    {
        await using var api = await ApiFixture.StartAsync(settings: [("CorsOrigins:0", Page), ("CorsOrigins:1", "https://second.example.com")]);
        await api.ScopesAsync();

        var vary = string.Join(',', (await api.GetAsync($"{Orgs}/acme/modules", ("Origin", Page))).Headers.Vary);

        Assert.Contains("Accept-Encoding", vary, StringComparison.Ordinal);
        Assert.Contains("Origin", vary, StringComparison.Ordinal);
    }
}
