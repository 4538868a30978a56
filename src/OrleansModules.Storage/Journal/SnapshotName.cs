using System.Globalization;

namespace OrleansModules.Storage.Journal;

/// <summary>Names of snapshot files.</summary>
internal static class SnapshotName
{
    /// <summary>Ending of snapshots.</summary>
    public const string Extension = ".snapshot";

    /// <summary>Ending of snapshots that are being written.</summary>
    public const string UnfinishedExtension = ".snapshot.tmp";

    /// <summary>The path of the snapshot at a position.</summary>
    public static string PathOf(string directory, long position) =>
        Path.Combine(directory, position.ToString("x16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>All snapshots of a directory, newest first.</summary>
    public static string[] NewestFirst(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*" + Extension).OrderByDescending(Path.GetFileName, StringComparer.Ordinal)];
}
