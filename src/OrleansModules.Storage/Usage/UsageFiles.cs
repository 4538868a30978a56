using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansModules.Core.Json;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;

namespace OrleansModules.Storage.Usage;

/// <summary>Usage in files of one directory, for one process: a file of events and a file of sums for each UTC day.</summary>
/// <remarks>
/// Events are handed to the operating system, not flushed to the disk: after a crash of the machine the last ones may be missing or
/// torn, and a torn line is not counted. Sums replace each other whole.
/// </remarks>
public sealed class UsageFiles(string directory) : IUsageStore, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyCollection<UsageEvent> events, CancellationToken cancellationToken) => await GuardAsync(async () =>
    {
        Directory.CreateDirectory(directory);
        foreach (var day in events.GroupBy(e => DateOnly.FromDateTime(e.OccurredAt)))
        {
            // Begins with a line feed, so that a line torn by a crash does not swallow the next.
            var lines = new StringBuilder().Append('\n');
            foreach (var one in day)
            {
                lines.Append(Line(one)).Append('\n');
            }

            await File.AppendAllTextAsync(PathOf("events", day.Key), lines.ToString(), cancellationToken);
        }

        return 0;
    }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> RollUpAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var written = 0L;
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            var events = PathOf("events", day);
            if (!File.Exists(events))
            {
                continue;
            }

            var sums = DailySums.Of(await File.ReadAllLinesAsync(events, cancellationToken));
            var path = PathOf("daily", day);
            await File.WriteAllTextAsync(path + ".tmp", JsonSerializer.Serialize(sums), cancellationToken);
            File.Move(path + ".tmp", path, overwrite: true);
            written += sums.Count;
        }

        return written;
    }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DailyUsage>> DailyAsync(UsageQuery query, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var found = new List<DailyUsage>();
        for (var day = query.From; day <= query.To; day = day.AddDays(1))
        {
            var path = PathOf("daily", day);
            if (File.Exists(path))
            {
                var sums = JsonSerializer.Deserialize<List<DailySum>>(await File.ReadAllTextAsync(path, cancellationToken)) ?? [];
                found.AddRange(sums
                    .Where(s => s.OrgId.Equals(query.OrgId, StringComparison.Ordinal) && (query.Module is null || s.Module.Equals(query.Module, StringComparison.Ordinal)))
                    .OrderBy(s => s.Module, StringComparer.Ordinal).ThenBy(s => s.EventType, StringComparer.Ordinal)
                    .Select(s => new DailyUsage(day, s.Module, s.EventType, s.Events, s.Quantity, s.Actors, s.Workspaces)));
            }
        }

        return (IReadOnlyList<DailyUsage>)found;
    }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static string Line(UsageEvent one) => JsonObjectValue.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("at"u8, one.OccurredAt);
        writer.WriteString("module"u8, one.Module);
        writer.WriteString("orgId"u8, one.OrgId);
        writer.WriteString("workspaceId"u8, one.WorkspaceId);
        writer.WriteString("actor"u8, one.Actor);
        writer.WriteString("type"u8, one.EventType);
        writer.WriteNumber("quantity"u8, one.Quantity);
        writer.WritePropertyName("details"u8);
        one.Details.WriteTo(writer);
        writer.WriteEndObject();
    }).ToString();

    private string PathOf(string what, DateOnly day) => Path.Combine(directory, $"{what}-{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.jsonl");

    private async ValueTask<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StoreException(e is JsonException ? StoreFailure.Corrupt : StoreFailure.Unavailable, $"The files of usage cannot be used: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }
}
