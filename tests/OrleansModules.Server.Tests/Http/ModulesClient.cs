using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Http;

/// <summary>Calls the server's routes.</summary>
internal sealed class ModulesClient(Uri address, string token = ServerSetup.Token) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(30), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>Of a server that is not there yet.</summary>
    public static ModulesClient Nowhere { get; } = new(new Uri("http://127.0.0.1:1"));

    /// <summary>Reads.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Sends a body, or an empty request.</summary>
    public Task<Answer> PostAsync(string path, string? body = null) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Puts.</summary>
    public Task<Answer> PutAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, body, headers);

    /// <summary>Patches.</summary>
    public Task<Answer> PatchAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Patch, path, body, headers);

    /// <summary>Sends any request below <c>/api/platform</c>.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/platform" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes), response.Headers.Contains("Idempotent-Replayed"));
    }

    /// <summary>Opens an event stream.</summary>
    /// <param name="path">Such as <c>/workspaces/w1/events</c>.</param>
    public async Task<EventReader> EventsAsync(string path)
    {
        var response = await _http.GetAsync("/api/platform" + path, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>All changes of a scope, oldest first.</summary>
    /// <param name="scope">Such as <c>/workspaces/w1</c>; empty for the system.</param>
    public async Task<List<JsonElement>> HistoryAsync(string scope)
    {
        var changes = new List<JsonElement>();
        for (long? before = null; ;)
        {
            var page = (await GetAsync($"{scope}/history?limit=500{(before is { } b ? $"&before={b}" : "")}")).Is(200).Body;
            changes.AddRange(page.GetProperty("changes").EnumerateArray());
            if (page.GetProperty("next") is not { ValueKind: JsonValueKind.Number } next)
            {
                changes.Reverse();
                return changes;
            }

            before = next.GetInt64();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
