namespace OrleansModules.Server.Tests.Processes;

/// <summary>A directory of one test; gone when disposed.</summary>
internal sealed class TempDirectory : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("modules-").FullName;

    /// <summary>The data directory in it, which need not exist.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
