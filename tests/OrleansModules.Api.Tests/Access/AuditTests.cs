using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using static OrleansModules.Api.Tests.Access.Callers;

namespace OrleansModules.Api.Tests.Access;

/// <summary>The audit trail.</summary>
[Requirement("G22", "Every change and every refusal has a record")]
public sealed class AuditTests
{
    private const string Org = "/api/platform/orgs/acme";
    private const string Ws = "/api/platform/workspaces/w1";

    [Fact]
    public async Task Change_refusal_and_token_have_an_entry_with_who_when_from_where_what_and_how_it_ended()
    {
        await using var api = await ApiFixture.StartAsync(onKestrel: true);
        await api.ScopesAsync();
        var user = await api.HolderAsync(ScopeId.Workspace("w1"), "ws_user");
        (await api.PutAsync($"{Ws}/modules/kb", "{}", user, ("X-Actor", "otto"))).Is(403);
        (await api.PutAsync($"{Ws}/modules/kb", "{}", Nobody)).Is(401);
        (await api.PutAsync($"{Ws}/modules/kb", "{}", Bearer("wrong"))).Is(401);
        (await api.PutAsync($"{Ws}/modules/kb", """{"isEnabled":false}""")).Is(404);
        (await api.PutAsync(Ws, """{"name":"W"}""")).Is(200);
        (await api.PutAsync(Ws, """{"name":"W"}""")).Is(200);
        (await api.GetAsync($"{Ws}/modules", user)).Is(200);

        var entries = (await api.GetAsync($"{Ws}/audit")).Is(200).Json["entries"]!.AsArray().Select(e => e!).ToList();

        Assert.Equal(
            ["change-scope unchanged ", "change-scope done ", "change-modules refused module-not-found", "change-modules unauthenticated token-invalid", "change-modules unauthenticated credential-missing",
                "change-modules forbidden forbidden", "change-access done ", "change-scope done "],
            entries.Select(e => $"{e["action"]} {e["outcome"]} {e["code"]}"));
        var refused = entries[5];
        Assert.Equal(
            ("otto", "workspace/w1", "acme", "kb", "workspaceOverridePut", "127.0.0.1"),
            ((string?)refused["onBehalfOf"], (string?)refused["scope"], (string?)refused["orgId"], (string?)refused["target"], (string?)refused["operation"], (string?)refused["from"]));
        Assert.StartsWith("token:", (string?)refused["subject"], StringComparison.Ordinal);
        Assert.All(entries, e => Assert.False(string.IsNullOrEmpty((string?)e["traceId"])));
        Assert.Equal((await api.GetAsync($"{Ws}/history")).Json["changes"]![0]!["position"]!.ToString(), entries[1]["changePosition"]!.ToString());
    }

    [Fact]
    public async Task Trail_is_read_by_scope_in_pages_and_by_filters()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        await api.ScopesAsync("other", "foreign");
        (await api.PutAsync($"{Ws}/modules/kb", "{}", Bearer("wrong"))).Is(401);
        (await api.PutAsync(Org, """{"name":"A"}""", ("X-Actor", "otto"))).Is(200);

        var all = await EntriesAsync("/api/platform/audit?limit=1000");
        Assert.Equal(6, all.Count);
        Assert.Equal(all.Where(e => e.Contains("acme", StringComparison.Ordinal) || e.Contains("w1", StringComparison.Ordinal)), await EntriesAsync($"{Org}/audit"));
        Assert.Equal(2, (await EntriesAsync($"{Ws}/audit")).Count);
        Assert.Single(await EntriesAsync("/api/platform/audit?outcome=unauthenticated"));
        Assert.Single(await EntriesAsync("/api/platform/audit?subject=otto"));
        Assert.Equal(5, (await EntriesAsync("/api/platform/audit?subject=bootstrap&action=change-scope")).Count);
        Assert.Empty(await EntriesAsync("/api/platform/audit?since=2099-01-01T00:00:00Z"));
        Assert.Equal(6, (await EntriesAsync("/api/platform/audit?until=2099-01-01T00:00:00Z")).Count);

        var paged = new List<string>();
        for (var before = ""; ;)
        {
            var page = (await api.GetAsync($"/api/platform/audit?limit=4{before}")).Is(200);
            paged.AddRange(page.Json["entries"]!.AsArray().Select(e => e!.ToJsonString()));
            if (page["next"] is not { } next)
            {
                break;
            }

            before = $"&before={next}";
        }

        Assert.Equal(all, paged);
        (await api.GetAsync("/api/platform/audit?outcome=maybe&since=yesterday")).IsProblem(400, "validation-failed");

        async Task<List<string>> EntriesAsync(string path) => [.. (await api.GetAsync(path)).Is(200).Json["entries"]!.AsArray().Select(e => e!.ToJsonString())];
    }

    [Fact]
    public async Task Trail_that_cannot_be_written_stops_nothing()
    {
        await using var api = await ApiFixture.StartWithAsync(builder => builder.Services.AddSingleton<IAuditLog, FullLog>());
        await api.ScopesAsync();
        (await api.PutAsync(Org, "{}", Nobody)).IsProblem(401, "credential-missing");
    }

    private sealed class FullLog : IAuditLog
    {
        public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => ValueTask.FromException(new StoreException(StoreFailure.Full, "Full."));

        public ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => throw new StoreException(StoreFailure.Unavailable, "Away.");
    }
}
