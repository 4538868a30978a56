using System.Text.Json;

namespace OrleansModules.Server.Tests.Http;

/// <summary>One server-sent event.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; null for none.</param>
/// <param name="Data">Its data.</param>
internal sealed record ServerEvent(string Name, string? Id, JsonElement Data);

/// <summary>Reads server-sent events.</summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class EventReader(HttpResponseMessage response, Stream stream) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly StreamReader _lines = new(stream);

    /// <summary>Waits for the next event.</summary>
    /// <returns>Null at the end of the stream.</returns>
    public async Task<ServerEvent?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var (name, id, data) = ("", (string?)null, "");
        while (await _lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && name.Length > 0)
            {
                return new ServerEvent(name, id, JsonSerializer.Deserialize<JsonElement>(data));
            }

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 2)..]);
            name = field is "event" ? value : name;
            id = field is "id" ? value : id;
            data = field is "data" ? value : data;
        }

        return null;
    }

    /// <summary>Waits for the event of that version; earlier ones may have run together with it.</summary>
    public async Task<ServerEvent> VersionAsync(string version)
    {
        while (await NextAsync() is { } next)
        {
            if (string.Equals(next.Id, version, StringComparison.Ordinal))
            {
                return next;
            }
        }

        throw new InvalidOperationException($"The stream ended before version {version}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
