using System.Diagnostics;
using System.Globalization;

namespace OrleansModules.Postgres.Tests;

/// <summary>A file system of a few megabytes, in memory, that can be filled up; the directory belongs to the login that PostgreSQL runs as.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> Obstacle = new(Probe);

    /// <summary>Makes one.</summary>
    public SmallDisk(int megabytes)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("modules-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", Directory);
        Run("chown", "postgres", Directory);
    }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing => Obstacle.Value;

    /// <summary>Where it is mounted.</summary>
    public string Directory { get; }

    private string Ballast => Path.Combine(Directory, "ballast");

    /// <summary>Takes all room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "-l", Directory);
        System.IO.Directory.Delete(Directory);
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "A disk of its own is mounted for this test, which only root may do, on Linux.";
        }

        try
        {
            new SmallDisk(1).Dispose();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"Nothing can be mounted here: {e.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!; // null only with UseShellExecute
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {errors.Trim()}");
        }
    }
}

/// <summary>A test that needs a <see cref="SmallDisk"/>; skipped with the reason where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    /// <summary>Looks whether there can be one.</summary>
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
