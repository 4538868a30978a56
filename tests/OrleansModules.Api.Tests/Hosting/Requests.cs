using System.Net.Http.Headers;
using System.Text;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>Short ways to ask the API.</summary>
internal static class Requests
{
    public const string Modules = "/api/platform/modules";

    public const string Orgs = "/api/platform/orgs";

    public const string Workspaces = "/api/platform/workspaces";

    public static Task<Answer> GetAsync(this ApiFixture api, string path, params (string Name, string Value)[] headers) => api.SendAsync(HttpMethod.Get, path, null, headers);

    public static Task<Answer> PutAsync(this ApiFixture api, string path, string body, params (string Name, string Value)[] headers) => api.SendAsync(HttpMethod.Put, path, body, headers);

    public static Task<Answer> PostAsync(this ApiFixture api, string path, string? body = null, params (string Name, string Value)[] headers) => api.SendAsync(HttpMethod.Post, path, body, headers);

    public static Task<Answer> PatchAsync(this ApiFixture api, string path, string body, params (string Name, string Value)[] headers) => api.SendAsync(HttpMethod.Patch, path, body, headers);

    public static Task<Answer> DeleteAsync(this ApiFixture api, string path, params (string Name, string Value)[] headers) => api.SendAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>Sends a request with a JSON body, or of the type that a header <c>Content-Type</c> names.</summary>
    public static Task<Answer> SendAsync(this ApiFixture api, HttpMethod method, string path, string? body, params (string Name, string Value)[] headers) =>
        api.SendBytesAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    /// <summary>Sends a request.</summary>
    public static async Task<Answer> SendBytesAsync(this ApiFixture api, HttpMethod method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name is "Content-Type")
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var message = await api.Client.SendAsync(request);
        return new Answer((int)message.StatusCode, await message.Content.ReadAsByteArrayAsync(), message);
    }

    /// <summary>Registers a module.</summary>
    /// <param name="api">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="more">More members of its definition, such as <c>"tier":1</c>.</param>
    public static async Task<Answer> RegisterAsync(this ApiFixture api, string name, string? more = null) =>
        (await api.PostAsync(Modules, $$"""{"name":"{{name}}"{{(more is null ? "" : "," + more)}}}""")).Is(201);

    /// <summary>Creates an organization and a workspace of it.</summary>
    public static async Task ScopesAsync(this ApiFixture api, string orgId = "acme", string workspaceId = "w1")
    {
        (await api.PutAsync($"{Orgs}/{orgId}", "{}")).Is(201);
        (await api.PutAsync($"{Workspaces}/{workspaceId}", $$"""{"orgId":"{{orgId}}"}""")).Is(201);
    }
}
