using System.Text.Json;

namespace OrleansModules.Client.Http;

/// <summary>What an event says.</summary>
internal enum ServiceEventKind
{
    /// <summary>Something this client does not know; newer services may have more.</summary>
    Other,

    /// <summary>The scope is at a version.</summary>
    Version,

    /// <summary>The scope is gone.</summary>
    Deleted,

    /// <summary>The server stops.</summary>
    Bye,
}

/// <summary>One event of a stream.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Version">The version, for <see cref="ServiceEventKind.Version"/>.</param>
internal readonly record struct ServiceEvent(ServiceEventKind Kind, MapVersion Version)
{
    /// <summary>Reads an event.</summary>
    /// <exception cref="JsonException">Its data are not what such an event says.</exception>
    public static ServiceEvent Parse(string type, ReadOnlySpan<byte> data) => type switch
    {
        "version" => new(ServiceEventKind.Version, ParseVersion(data)),
        "deleted" => new(ServiceEventKind.Deleted, default),
        "bye" => new(ServiceEventKind.Bye, default),
        _ => default,
    };

    private static MapVersion ParseVersion(ReadOnlySpan<byte> data)
    {
        var told = JsonSerializer.Deserialize<VersionData>(data, JsonSerializerOptions.Web);
        return MapVersion.TryParse(told?.Version, out var version) ? version : throw new JsonException($"'{told?.Version}' is no version.");
    }

    private sealed record VersionData(string? Version);
}
