namespace OrleansModules.Bench.Processes;

/// <summary>A directory that is removed at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes it.</summary>
    /// <param name="under">Where; null takes the system's directory for temporary files.</param>
    public TemporaryDirectory(string? under = null)
    {
        Path = System.IO.Path.Combine(under ?? System.IO.Path.GetTempPath(), "modules-bench-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path);
        Leftovers.Add(this);
    }

    /// <summary>Its full name.</summary>
    public string Path { get; }

    /// <summary>The kind of file system it is on.</summary>
    public string FileSystem => new DriveInfo(Path).DriveFormat;

    /// <summary>A new directory in it.</summary>
    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Leftovers.Remove(this);
        Directory.Delete(Path, recursive: true);
    }
}
