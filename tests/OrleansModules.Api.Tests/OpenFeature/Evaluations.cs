using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>Short ways to evaluate.</summary>
internal static class Evaluations
{
    public const string Flags = "/ofrep/v1/evaluate/flags";

    /// <summary>An application with two modules, <c>acme</c> and <c>w1</c>.</summary>
    public static async Task<ApiFixture> StartAsync(bool onKestrel = false, params (string Name, string Value)[] settings) => await FillAsync(await ApiFixture.StartAsync(onKestrel, settings));

    /// <summary>As above, on a clock of the test's own and a real port.</summary>
    public static async Task<ApiFixture> StartAsync(TimeProvider time, params (string Name, string Value)[] settings) =>
        await FillAsync(await ApiFixture.StartWithAsync(b => b.Services.AddSingleton(time), onKestrel: true, settings));

    private static async Task<ApiFixture> FillAsync(ApiFixture api)
    {
        await api.RegisterAsync("module-kb", """ "config":{"limit":20,"ratio":0.5,"mode":"fast","search":{"depth":3,"deep":{"x":true}},"tags":["a","b"],"nothing":null,"a.b":1,"a":{"b":2,"c":3}},"featureFlags":{"beta":false,"dark.mode":true} """);
        await api.RegisterAsync("module-eval", """ "dependencies":["module-kb"] """);
        await api.ScopesAsync();
        return api;
    }

    public static Task<Answer> SingleAsync(this ApiFixture api, string key, string context = """{"targetingKey":"w1"}""") => api.PostAsync($"{Flags}/{key}", $$"""{"context":{{context}}}""");

    public static Task<Answer> BulkAsync(this ApiFixture api, string context = """{"targetingKey":"w1"}""", string query = "", params (string Name, string Value)[] headers) =>
        api.PostAsync(Flags + query, $$"""{"context":{{context}}}""", headers);

    /// <summary>A flag of a bulk answer.</summary>
    public static JsonNode Flag(this Answer bulk, string key) => bulk.Json["flags"]!.AsArray().Single(f => string.Equals((string?)f!["key"], key, StringComparison.Ordinal))!;

    /// <summary>The address of the stream in a bulk answer.</summary>
    public static string Stream(this Answer bulk) => (string)bulk.Json["eventStreams"]![0]!["endpoint"]!["requestUri"]!;

    public static Task<Answer> OverrideAsync(this ApiFixture api, string scope, string module, string body) => api.PutAsync($"/api/platform/{scope}/modules/{module}", body);
}
