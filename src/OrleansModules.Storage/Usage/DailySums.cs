using System.Text.Json;

namespace OrleansModules.Storage.Usage;

/// <summary>Sums up a day's file of usage events.</summary>
internal static class DailySums
{
    /// <summary>The sums; lines that are not whole are passed by.</summary>
    public static List<DailySum> Of(IEnumerable<string> lines) => [.. lines.Select(Read).OfType<Entry>()
        .GroupBy(e => (e.OrgId, e.Module, e.Type))
        .OrderBy(g => g.Key.OrgId, StringComparer.Ordinal).ThenBy(g => g.Key.Module, StringComparer.Ordinal).ThenBy(g => g.Key.Type, StringComparer.Ordinal)
        .Select(g => new DailySum(
            g.Key.OrgId, g.Key.Module, g.Key.Type, g.LongCount(), g.Sum(e => e.Quantity), Different(g.Select(e => e.Actor)), Different(g.Select(e => e.WorkspaceId))))];

    private static long Different(IEnumerable<string?> values) => values.Where(v => v is not null).Distinct(StringComparer.Ordinal).LongCount();

    private static Entry? Read(string line)
    {
        if (line.Length == 0)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            var one = json.RootElement;
            return new Entry(
                one.GetProperty("orgId").GetString()!, one.GetProperty("module").GetString()!, one.GetProperty("type").GetString()!, one.GetProperty("quantity").GetInt64(),
                one.GetProperty("actor").GetString(), one.GetProperty("workspaceId").GetString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private sealed record Entry(string OrgId, string Module, string Type, long Quantity, string? Actor, string? WorkspaceId);
}

/// <summary>One sum of a day, as it is kept.</summary>
internal sealed record DailySum(string OrgId, string Module, string EventType, long Events, long Quantity, long Actors, long Workspaces);
