using System.Text;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Http;

/// <summary>The product in a process, loaded over its HTTP API.</summary>
internal static class SampleServer
{
    /// <summary>A workspace that overrides nothing.</summary>
    public const string Plain = "5b8f6d0e-3f0b-4a62-9a53-1d2f0c6e7a10";

    /// <summary>A workspace that overrides modules.</summary>
    public const string Overriding = "5b8f6d0e-3f0b-4a62-9a53-1d2f0c6e7a11";

    private const string Org = "0f4c2f6e-8a7d-4f0e-b0a5-6a3f8d1c9e01";

    /// <summary>Registers modules, one organization and the two workspaces.</summary>
    public static async Task LoadAsync(HttpProcess server, int modules)
    {
        await AddModulesAsync(server, modules);
        await SendAsync(server, HttpMethod.Put, $"/api/platform/orgs/{Org}", """{"name":"Organization"}""");
        foreach (var workspace in (string[])[Plain, Overriding])
        {
            await SendAsync(server, HttpMethod.Put, $"/api/platform/workspaces/{workspace}", $$"""{"orgId":"{{Org}}"}""");
        }

        foreach (var module in SampleScopes.Overridden(3, modules))
        {
            await SendAsync(server, HttpMethod.Put, $"/api/platform/workspaces/{Overriding}/modules/{SampleModules.Name(module)}", SampleScopes.OverrideJson(3, module));
        }
    }

    /// <summary>Registers modules.</summary>
    public static async Task AddModulesAsync(HttpProcess server, int modules)
    {
        for (var module = 0; module < modules; module++)
        {
            await SendAsync(server, HttpMethod.Post, "/api/platform/modules", SampleModules.Json(module));
        }
    }

    /// <summary>Sends a change that must be accepted.</summary>
    public static async Task SendAsync(HttpProcess server, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var answer = await server.Client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new BenchException($"{method} {path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
