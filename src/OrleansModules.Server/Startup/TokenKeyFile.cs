using System.Security.Cryptography;
using System.Text;
using OrleansModules.Api.Access;

namespace OrleansModules.Server.Startup;

/// <summary>The key that hashes of API tokens are made with: from the settings, or from a file that is made once.</summary>
internal static class TokenKeyFile
{
    private const string Name = "access.key";
    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the key, or makes it.</summary>
    /// <param name="configured">The setting <c>Modules:Access:TokenKey</c>; null for none.</param>
    /// <param name="directory">The data directory, locked by this process.</param>
    /// <param name="logger">Is told where others may read the file.</param>
    /// <exception cref="SettingsException">The file cannot be read, or is not what this server wrote.</exception>
    public static byte[] Read(string? configured, string directory, ILogger logger)
    {
        if (configured is not null)
        {
            return Encoding.UTF8.GetBytes(configured);
        }

        var path = Path.Combine(directory, Name);
        if (!Path.Exists(path))
        {
            Write(path, RandomNumberGenerator.GetBytes(AccessSecrets.MinKeyBytes));
        }

        var key = ReadFile(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ForOthers) != UnixFileMode.None)
        {
            StartupLog.KeyFileOpen(logger, path);
        }

        return key.Length == AccessSecrets.MinKeyBytes
            ? key
            : throw new SettingsException([$"{path} has {key.Length} bytes, not {AccessSecrets.MinKeyBytes}: restore it from a backup, or delete it and make all API tokens anew"]);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"{path} cannot be read: {e.Message.TrimEnd('.')}"], e);
        }
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
