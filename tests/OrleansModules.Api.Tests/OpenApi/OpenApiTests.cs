using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;

namespace OrleansModules.Api.Tests.OpenApi;

/// <summary>The contract: the checked-in document, the routes and the answers say the same.</summary>
public sealed class OpenApiTests
{
    private const string Document = "/openapi/v1.json";

    /// <summary>Set the variable <c>UPDATE_OPENAPI=1</c> to write the document again after a change that is meant.</summary>
    [Fact]
    [Requirement("A20", "A test says when the contract moved")]
    public async Task Document_is_the_one_checked_in()
    {
        await using var api = await ApiFixture.StartAsync();
        var root = typeof(OpenApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key.Equals("RepositoryRoot", StringComparison.Ordinal)).Value!;
        var file = Path.Combine(root, "docs", "openapi.v1.json");
        var now = (await api.GetAsync(Document)).Is(200).Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (string.Equals(Environment.GetEnvironmentVariable("UPDATE_OPENAPI"), "1", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, now);
        }

        Assert.True(File.Exists(file), "docs/openapi.v1.json is not there; UPDATE_OPENAPI=1 writes it.");
        var known = await File.ReadAllTextAsync(file);
        Assert.True(string.Equals(known, now, StringComparison.Ordinal), $"The contract moved, from line {FirstDifference(known, now)}. If that is meant, UPDATE_OPENAPI=1 writes docs/openapi.v1.json again.");
    }

    [Fact]
    [Requirement("A20", "OpenAPI document")]
    public async Task Every_route_is_in_the_document_under_an_id_of_its_own()
    {
        await using var api = await ApiFixture.StartAsync();
        var documented = (await api.GetAsync(Document)).Json["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Route: $"{o.Key.ToUpperInvariant()} {p.Key}", Id: (string?)o.Value!["operationId"]))).ToList();
        var mapped = api.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !e.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal))
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Select(d => d.Route).Order(StringComparer.Ordinal));
        Assert.All(documented, d => Assert.False(string.IsNullOrEmpty(d.Id), d.Route));
        Assert.Equal(documented.Count, documented.Select(d => d.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    [Requirement("A20", "OpenAPI document")]
    public async Task Document_names_304_where_a_read_is_conditional()
    {
        await using var api = await ApiFixture.StartAsync();
        var operations = (await api.GetAsync(Document)).Json["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!).ToList();

        var conditional = operations.Where(o => o["parameters"] is JsonArray parameters && parameters.Any(p => string.Equals((string?)p!["name"], "If-None-Match", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(conditional);
        Assert.All(conditional, o => Assert.NotNull(o["responses"]!["304"]));
    }

    private static int FirstDifference(string a, string b) => a.Split('\n').Zip(b.Split('\n')).TakeWhile(p => p.First.Equals(p.Second, StringComparison.Ordinal)).Count() + 1;
}
