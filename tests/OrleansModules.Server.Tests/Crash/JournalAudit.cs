using System.Text.Json;
using OrleansModules.Server.Tests.Http;

namespace OrleansModules.Server.Tests.Crash;

/// <summary>Compares everything a server says with what was sent to it.</summary>
internal sealed class JournalAudit(CrashWorkload workload)
{
    private readonly Dictionary<long, string> _seen = [];

    /// <summary>Reads all histories and maps, and asserts that they are right.</summary>
    /// <returns>How many changes there are.</returns>
    public async Task<int> CheckAsync(ModulesClient client)
    {
        var histories = new Dictionary<string, List<JsonElement>>(StringComparer.Ordinal);
        foreach (var scope in CrashWorkload.Scopes)
        {
            histories[scope] = await client.HistoryAsync(scope);
            Assert.Equal(Enumerable.Range(1, histories[scope].Count).Select(i => (long)i), histories[scope].Select(c => c.GetProperty("revision").GetInt64()));
        }

        var positions = histories.Values.SelectMany(h => h).Select(PositionOf).Order().ToList();
        Assert.Equal(Enumerable.Range(1, positions.Count).Select(i => (long)i), positions);
        CheckNothingMoved(histories);
        CheckEachOnce(histories);
        await CheckMapsAsync(client, histories);
        return positions.Count;
    }

    /// <summary>What was read once reads the same for ever.</summary>
    private void CheckNothingMoved(Dictionary<string, List<JsonElement>> histories)
    {
        foreach (var change in histories.Values.SelectMany(h => h))
        {
            var text = change.GetRawText();
            if (!_seen.TryAdd(PositionOf(change), text))
            {
                Assert.Equal(_seen[PositionOf(change)], text);
            }
        }

        Assert.Equal(histories.Values.Sum(h => h.Count), _seen.Count);
    }

    private void CheckEachOnce(Dictionary<string, List<JsonElement>> histories)
    {
        var found = new Dictionary<string, (string Scope, Receipt Receipt)>(StringComparer.Ordinal);
        foreach (var (scope, history) in histories)
        {
            foreach (var change in history)
            {
                if (ValueOf(scope, change) is { } value)
                {
                    Assert.True(found.TryAdd(value, (scope, new Receipt(change.GetProperty("revision").GetInt64(), PositionOf(change)))), $"{value} is there twice");
                    Assert.True(workload.Sent.ContainsKey(value), $"{value} was never sent");
                }
            }
        }

        foreach (var change in workload.Sent.Values)
        {
            var isThere = found.TryGetValue(change.Value, out var there);
            Assert.True(isThere || change.Receipt is null, $"{change.Value} was acknowledged as {change.Receipt} and is lost");
            Assert.True(!isThere || string.Equals(there.Scope, change.Scope, StringComparison.Ordinal), $"{change.Value} was sent to '{change.Scope}' and is in '{there.Scope}'");
            Assert.True(!isThere || change.Receipt is null || there.Receipt == change.Receipt, $"{change.Value} was acknowledged as {change.Receipt} and is {there.Receipt}");
        }
    }

    /// <summary>Every map is what its three histories fold to.</summary>
    private static async Task CheckMapsAsync(ModulesClient client, Dictionary<string, List<JsonElement>> histories)
    {
        foreach (var scope in CrashWorkload.Scopes.Where(s => s.StartsWith("/workspaces", StringComparison.Ordinal)))
        {
            var map = (await client.GetAsync($"{scope}/modules")).Is(200);
            Assert.Equal($"s{histories[""].Count}.o{histories["/orgs/acme"].Count}.w{histories[scope].Count}", map.Version);
            var config = map.Module(CrashWorkload.Module).GetProperty("config");
            foreach (var above in new[] { "", "/orgs/acme", scope })
            {
                var expected = histories[above].Select(c => ValueOf(above, c)).LastOrDefault(v => v is not null);
                Assert.Equal(expected, config.TryGetProperty(SentChange.Key(above), out var value) ? value.GetString() : null);
            }
        }
    }

    private static long PositionOf(JsonElement change) => change.GetProperty("position").GetInt64();

    /// <summary>The unique value in a change; null for those that made the scopes.</summary>
    private static string? ValueOf(string scope, JsonElement change)
    {
        var (list, config) = scope.Length == 0 ? ("definitions", "config") : ("overrides", "configOverrides");
        return change.TryGetProperty(list, out var items)
            && Assert.Single(items.EnumerateArray()).GetProperty("after").GetProperty(config).TryGetProperty(SentChange.Key(scope), out var value)
                ? value.GetString()
                : null;
    }
}
