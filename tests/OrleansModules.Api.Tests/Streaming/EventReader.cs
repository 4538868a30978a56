using System.Net.Http.Headers;
using OrleansModules.Api.Tests.Hosting;

namespace OrleansModules.Api.Tests.Streaming;

/// <summary>Reads a stream of server-sent events block by block.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _message;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage message, Stream body) => (_message, _lines) = (message, new StreamReader(body));

    /// <summary>Media type and headers of the answer.</summary>
    public HttpResponseMessage Message => _message;

    /// <summary>Opens a stream and reads the block with the time to wait before a reconnect.</summary>
    public static async Task<EventReader> OpenAsync(ApiFixture api, string path, string? lastEventId = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        if (header is { } credential)
        {
            request.Headers.TryAddWithoutValidation(credential.Name, credential.Value);
        }

        var message = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        Assert.True(message.IsSuccessStatusCode, $"{message.StatusCode}");
        var reader = new EventReader(message, await message.Content.ReadAsStreamAsync());
        Assert.Matches("^retry: [12][0-9]{3}$", await reader.NextAsync());
        return reader;
    }

    /// <summary>The next block, its lines joined by <c>|</c>; null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        var block = new List<string>();
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0)
            {
                return string.Join('|', block);
            }

            block.Add(line);
        }

        Assert.Empty(block);
        return null;
    }

    /// <summary>The next block that says more than that the stream is alive.</summary>
    public Task<string?> NextEventAsync() => SkipAsync(": keep-alive");

    /// <summary>The next block that says something else.</summary>
    /// <param name="known">What is passed by.</param>
    public async Task<string?> SkipAsync(string known)
    {
        while (true)
        {
            if (await NextAsync() is var said && said != known)
            {
                return said;
            }
        }
    }

    /// <summary>Asserts that the next block says a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="changed">JSON of the names of changed modules.</param>
    public async Task SaysAsync(string version, string changed) =>
        Assert.Equal($$"""event: version|id: {{version}}|data: {"version":"{{version}}","changed":{{changed}}}""", await NextAsync());

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _message.Dispose();
    }
}
