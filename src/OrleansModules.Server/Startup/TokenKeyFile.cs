using System.Security.Cryptography;
using System.Text;
using OrleansModules.Api.Access;

namespace OrleansModules.Server.Startup;

/// <summary>The key that hashes of API tokens are made with: from the settings, or from a file that is made once.</summary>
internal static class TokenKeyFile
{
    private const string Name = "access.key";

    /// <summary>Reads the key, or makes it.</summary>
    /// <param name="configured">The setting <c>Modules:Access:TokenKey</c>; null for none.</param>
    /// <param name="directory">The data directory, locked by this process.</param>
    /// <exception cref="SettingsException">The file is not what this server wrote.</exception>
    public static byte[] Read(string? configured, string directory)
    {
        if (configured is not null)
        {
            return Encoding.UTF8.GetBytes(configured);
        }

        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
        {
            Write(path, RandomNumberGenerator.GetBytes(AccessSecrets.MinKeyBytes));
        }

        var key = File.ReadAllBytes(path);
        return key.Length == AccessSecrets.MinKeyBytes
            ? key
            : throw new SettingsException([$"{path} has {key.Length} bytes, not {AccessSecrets.MinKeyBytes}: restore it from a backup, or delete it and make all API tokens anew"]);
    }

    // Under another name first, so that a crash leaves no half of a key.
    private static void Write(string path, byte[] key)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path);
    }
}
