using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace OrleansModules.Storage.Postgres.Migrations;

/// <summary>A numbered script that changes the database.</summary>
/// <param name="Number">Its place in the order, from 1; there may be gaps.</param>
/// <param name="Name">Its file name without the extension.</param>
/// <param name="Text">Its statements.</param>
/// <param name="Checksum">SHA-256 of its bytes, in lower case hexadecimal.</param>
public sealed record Script(int Number, string Name, string Text, string Checksum)
{
    private const string Folder = "sql/";
    private const string Extension = ".sql";

    /// <summary>The scripts that this program knows, in order.</summary>
    public static IReadOnlyList<Script> All { get; } = [.. typeof(Script).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => Read(typeof(Script).Assembly, n))];

    /// <summary>Makes a script from what is in its file.</summary>
    internal static Script Make(string name, byte[] utf8)
    {
        using var reader = new StreamReader(new MemoryStream(utf8));
        return new Script(int.Parse(name.AsSpan(0, name.IndexOf('_', StringComparison.Ordinal)), CultureInfo.InvariantCulture), name, reader.ReadToEnd(), Convert.ToHexStringLower(SHA256.HashData(utf8)));
    }

    private static Script Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!; // It was in the list.
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Make(resource[Folder.Length..^Extension.Length], bytes.ToArray());
    }
}
