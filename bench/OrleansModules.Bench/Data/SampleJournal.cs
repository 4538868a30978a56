using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Storage.Journal;

namespace OrleansModules.Bench.Data;

/// <summary>Opens and fills journals.</summary>
internal static class SampleJournal
{
    /// <summary>The most the product accepts: a journal of less never gets a snapshot, in bytes.</summary>
    public const long NoSnapshot = 1L << 30;

    /// <summary>Opens a journal.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="snapshotEveryBytes">When to make snapshots; null takes the product's default.</param>
    public static async Task<JournalStore> OpenAsync(string directory, long? snapshotEveryBytes = null)
    {
        var options = new JournalOptions { DataDirectory = directory };
        if (snapshotEveryBytes is { } bytes)
        {
            options.SnapshotEveryBytes = bytes;
        }

        return await JournalStore.OpenAsync(options, TimeProvider.System, NullLogger<JournalStore>.Instance, CancellationToken.None);
    }

    /// <summary>Makes a journal in an empty directory and closes it.</summary>
    public static async Task MakeAsync(string directory, SampleScopes scopes, int modules, int orgs, int workspaces, Func<int, bool> withOverrides, long? snapshotEveryBytes = null)
    {
        await using var store = await OpenAsync(directory, snapshotEveryBytes);
        await SampleStore.FillAsync(store, scopes, modules, orgs, workspaces, withOverrides);
    }

    /// <summary>The bytes of all files in a directory.</summary>
    public static long BytesIn(string directory) => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}
