using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansModules.Client.Disk;

/// <summary>One kept map: a line of JSON that says what follows, and the map as the service sent it.</summary>
/// <param name="Service">Address of the service.</param>
/// <param name="Scope">The scope.</param>
/// <param name="Version">The map's version.</param>
/// <param name="Body">The map.</param>
internal sealed record MapFile(string Service, ModuleScope Scope, MapVersion Version, ReadOnlyMemory<byte> Body)
{
    /// <summary>Ends the names of these files.</summary>
    public const string Extension = ".map";

    /// <summary>The longest first line.</summary>
    public const int MaxHeaderBytes = 16 << 10;

    private const int Format = 1;

    /// <summary>The name of a scope's file: readable, and different for ids that differ by case only.</summary>
    public static string NameOf(ModuleScope scope)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(scope.ToString())));
        return $"{(scope.IsWorkspace ? "workspace" : "org")}-{scope.Id}-{hash[..8]}{Extension}";
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="service">The service that it has to be from.</param>
    /// <param name="scope">The scope that it has to be of.</param>
    /// <exception cref="InvalidDataException">It is damaged, or not that.</exception>
    /// <exception cref="JsonException">Its first line is damaged.</exception>
    public static MapFile Read(byte[] bytes, string service, ModuleScope scope)
    {
        var header = HeaderIn(bytes, out var length);
        var body = bytes.AsMemory(length);
        if (header is null || header.Format != Format || !MapVersion.TryParse(header.Version, out var version))
        {
            throw new InvalidDataException("It is no map of this format.");
        }

        if (!Same(header.Service, service) || !Same(header.Scope, scope.ToString()))
        {
            throw new InvalidDataException($"It is of {header.Scope} at {header.Service}, not of {scope} at {service}.");
        }

        return Same(header.Sha256, Sum(body.Span)) ? new MapFile(service, scope, version, body) : throw new InvalidDataException("Its checksum is wrong.");
    }

    /// <summary>The version that the first line of a file names; null where it names none.</summary>
    public static async Task<MapVersion?> ReadVersionAsync(string path)
    {
        var bytes = new byte[MaxHeaderBytes];
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
        try
        {
            return MapVersion.TryParse(HeaderIn(bytes.AsSpan(0, length), out _)?.Version, out var version) ? version : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a file and flushes it to the disk.</summary>
    public async Task WriteAsync(string path)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(Format, Service, Scope.ToString(), Version.ToString(), Sum(Body.Span)), JsonSerializerOptions.Web);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // configuration may be nobody else's business
        }

        await using var file = new FileStream(path, options);
        await file.WriteAsync(header);
        await file.WriteAsync("\n"u8.ToArray());
        await file.WriteAsync(Body);
        file.Flush(flushToDisk: true);
    }

    // The first line, and its length with the end of the line; null and 0 where no line ends.
    private static Header? HeaderIn(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.IndexOf((byte)'\n') + 1;
        return length == 0 ? null : JsonSerializer.Deserialize<Header>(bytes[..(length - 1)], JsonSerializerOptions.Web);
    }

    private static string Sum(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    private sealed record Header(int Format, string? Service, string? Scope, string? Version, string? Sha256);
}
