using System.Text.Json;

namespace OrleansModules.Client.Http;

/// <summary>What an event says.</summary>
internal enum ServiceEventKind
{
    /// <summary>Something this client does not know; newer services may have more.</summary>
    Other,

    /// <summary>The scope is at a version.</summary>
    Version,

    /// <summary>Nothing changed that the node knows of, but its store did not confirm that for too long.</summary>
    Stale,

    /// <summary>The scope is gone.</summary>
    Deleted,

    /// <summary>The server stops.</summary>
    Bye,
}

/// <summary>One event of a stream.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Version">The version, for <see cref="ServiceEventKind.Version"/>.</param>
/// <param name="StaleFor">How long ago the store of the node confirmed what is said, where that is too long; else null.</param>
internal readonly record struct ServiceEvent(ServiceEventKind Kind, MapVersion Version, TimeSpan? StaleFor)
{
    /// <summary>Reads an event.</summary>
    /// <exception cref="JsonException">Its data are not what such an event says.</exception>
    public static ServiceEvent Parse(string type, ReadOnlySpan<byte> data) => type switch
    {
        "version" => ParseVersion(data),
        "stale" => new(ServiceEventKind.Stale, default, AgeIn(Read(data)) ?? TimeSpan.Zero),
        "deleted" => new(ServiceEventKind.Deleted, default, null),
        "bye" => new(ServiceEventKind.Bye, default, null),
        _ => default,
    };

    private static ServiceEvent ParseVersion(ReadOnlySpan<byte> data)
    {
        var told = Read(data);
        return MapVersion.TryParse(told?.Version, out var version) ? new(ServiceEventKind.Version, version, AgeIn(told)) : throw new JsonException($"'{told?.Version}' is no version.");
    }

    private static EventData? Read(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize<EventData>(data, JsonSerializerOptions.Web);

    private static TimeSpan? AgeIn(EventData? told) => told?.StaleFor is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private sealed record EventData(string? Version, uint? StaleFor);
}
