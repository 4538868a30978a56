using System.Collections.Concurrent;
using System.Globalization;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Crash;

/// <summary>Writers that keep changing scopes, some their own and some shared, until the server is gone.</summary>
internal sealed class CrashWorkload
{
    /// <summary>The one module.</summary>
    public const string Module = "ledger";

    /// <summary>All scopes, by path.</summary>
    public static readonly string[] Scopes = ["", "/orgs/acme", "/workspaces/shared", "/workspaces/own-1", "/workspaces/own-2", "/workspaces/own-3"];

    private static readonly string[] ScopeOfWriter =
        ["", "", "/orgs/acme", "/orgs/acme", "/workspaces/shared", "/workspaces/shared", "/workspaces/shared", "/workspaces/own-1", "/workspaces/own-2", "/workspaces/own-3"];

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, SentChange> _sent = new(StringComparer.Ordinal);

    /// <summary>Everything that was ever sent, by its value.</summary>
    public IReadOnlyDictionary<string, SentChange> Sent => _sent;

    /// <summary>Makes the module and the scopes.</summary>
    public static async Task CreateScopesAsync(ModulesClient client)
    {
        (await client.PutAsync($"/modules/{Module}", """{"displayName":"Ledger"}""")).Is(201);
        (await client.PutAsync("/orgs/acme", """{"name":"Acme"}""")).Is(201);
        foreach (var workspace in Scopes.Where(s => s.StartsWith("/workspaces", StringComparison.Ordinal)))
        {
            (await client.PutAsync(workspace, """{"orgId":"acme"}""")).Is(201);
        }
    }

    /// <summary>Writes until the server is gone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="acknowledgements">After how many of them to end the server.</param>
    /// <param name="end">Ends it. The other writers go on meanwhile.</param>
    /// <param name="round">Tells values of several rounds apart.</param>
    /// <returns>The changes without an answer: they may be there or not.</returns>
    public async Task<IReadOnlyList<SentChange>> WriteUntilEndedAsync(ServerProcess server, int acknowledgements, Action end, int round = 1)
    {
        var left = acknowledgements;
        var open = await Task.WhenAll(ScopeOfWriter.Select(async (scope, writer) =>
        {
            for (var i = 0; ; i++)
            {
                var change = Make(scope, string.Create(CultureInfo.InvariantCulture, $"round{round}-writer{writer}-{i}"));
                if (!await TrySendAsync(server.Client, change))
                {
                    return change;
                }

                if (Interlocked.Decrement(ref left) == 0)
                {
                    end();
                }
            }
        }));
        await server.ExitAsync();
        return open;
    }

    /// <summary>Sends a change, and notes the acknowledgement.</summary>
    /// <returns>False where no answer came.</returns>
    public static async Task<bool> TrySendAsync(ModulesClient client, SentChange change)
    {
        try
        {
            var answer = await SendAsync(client, change);
            while (answer.Status == 503)
            {
                // Nobody knows whether it was made, or it was not: ask again under the same key, as the answer says.
                await Task.Delay(RetryInterval, TimeProvider.System);
                answer = await SendAsync(client, change);
            }

            answer.Is(200);
            var receipt = new Receipt(answer.Revision, answer.Body.GetProperty("position").GetInt64());
            Assert.True(change.Receipt is null || receipt == change.Receipt, $"{change.Value}: acknowledged as {change.Receipt}, then as {receipt}");
            change.Receipt = receipt;
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Sends a change.</summary>
    public static Task<Answer> SendAsync(ModulesClient client, SentChange change) =>
        client.SendAsync(change.Method, change.Path, change.Body, ("Idempotency-Key", change.Value), ("X-Actor", "crash-test"));

    private SentChange Make(string scope, string value)
    {
        var change = new SentChange(scope, $"{scope}/modules/{Module}", value);
        Assert.True(_sent.TryAdd(value, change));
        return change;
    }
}
