using Npgsql;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Storage.Postgres;
using OrleansModules.Testing;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>The two calls that commit changes, <c>mgmt_commit_changes</c> and <c>mgmt_commit_overrides</c>, decide and keep the same.</summary>
[Requirement("L7")]
[Requirement("K9")]
public sealed class CallDifferenceTests
{
    private const int Seconds = 30;

    // All that a commit writes but for positions, which follow another order within a batch.
    private const string Written =
        """
        select string_agg(line, E'\n' order by line collate "C") from (
            select concat_ws(' ', 'log', (to_jsonb(l) - '{position,record}'::text[])::text, (l.record::jsonb - 'position')::text) from mgmt_log_changes l where l.operation_id not like 'store %'
            union all select 'org ' || o::text from mgmt_cfg_orgs o where o.revision > 1
            union all select 'workspace ' || w::text from mgmt_cfg_workspaces w where w.revision > 1
            union all select 'override ' || m::text from mgmt_cfg_org_modules m
            union all select 'override ' || m::text from mgmt_cfg_ws_modules m
            union all select 'feed ' || f.head from mgmt_cfg_feed f) x (line)
        """;

    private static readonly string[] Modules = ["chat", "kb", "voice"];
    private static readonly ScopeId[] Scopes =
        [ScopeId.Org("acme"), ScopeId.Org("globex"), ScopeId.Workspace("acme-2"), ScopeId.Workspace("acme-1"), ScopeId.Workspace("globex-1"), ScopeId.Workspace("Zulu")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Batches_of_overrides_end_alike_whichever_call_commits_them(int seed)
    {
        await using var first = await TestDatabase.CreateAsync(empty: true);
        await using var second = await TestDatabase.CreateAsync(empty: true);
        var layers = await FillAsync(first);
        Assert.Equal(layers.Values.Select(l => l.Revision), (await FillAsync(second)).Values.Select(l => l.Revision));
        await using var json = await first.Source.OpenConnectionAsync();
        await using var columns = await second.Source.OpenConnectionAsync();
        using var changes = new ChangesCall(json, Seconds);
        using var overrides = new OverridesCall(columns, Seconds);
        var random = new Random(seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 60; round++)
        {
            var batch = Batch(random, layers, round);
            Assert.True(OverridesCall.Takes(batch));

            var expected = await OutcomesAsync(changes.For(batch));
            Assert.Equal(expected, await OutcomesAsync(overrides.For(batch)));

            seen.UnionWith(expected.Select(o => o.Split(' ')[1]));
            foreach (var (change, _) in batch.Zip(expected).Where(p => p.Second.Split(' ')[1] == "committed"))
            {
                layers[change.Sent.Scope] = LayerFold.Apply(layers[change.Sent.Scope], change.Sent);
            }
        }

        Assert.Equal(["committed", "conflict", "failed", "refused", "repeated"], seen.Order(StringComparer.Ordinal));
        Assert.Equal(await first.ScalarAsync<string>(Written), await second.ScalarAsync<string>(Written));
        Assert.Equal(await LayersAsync(first), await LayersAsync(second));
    }

    [Fact]
    public void Call_with_columns_takes_overrides_only_and_one_change_of_a_scope()
    {
        var org = ScopeId.Org("acme");
        var layer = LayerFold.Apply(null, Sample.Put(org));
        PendingChange Of(ChangeRecord change) => new(change, LayerFold.Apply(change.Scope == org ? layer : null, change), null);
        var set = Of(Sample.Override(org, layer, "chat", true));

        Assert.True(OverridesCall.Takes([set]));
        Assert.True(OverridesCall.Takes([set, Of(Sample.Next(ScopeId.Workspace("w"), null, ChangeKind.OverrideSet))]));
        Assert.False(OverridesCall.Takes([set, set]));
        Assert.False(OverridesCall.Takes([set, Of(Sample.Define("kb"))]));
        Assert.False(OverridesCall.Takes([Of(Sample.Put(org, before: layer, name: "Acme"))]));
        Assert.False(OverridesCall.Takes([Of(Sample.Next(org, layer, ChangeKind.MemberSet) with { Members = [new MemberChange("ann", null, ScopeRole.OrgAdmin)] })]));
    }

    private static async Task<Dictionary<ScopeId, Layer>> FillAsync(TestDatabase database)
    {
        await using var store = await Stores.OpenAsync(database.ConnectionString);
        Layer? system = null;
        foreach (var module in Modules)
        {
            system = await store.CommitAsync(Sample.Define(module, before: system), system);
        }

        var layers = new Dictionary<ScopeId, Layer>();
        foreach (var scope in Scopes)
        {
            layers[scope] = await store.CommitAsync(Sample.Put(scope, scope.Kind == ScopeKind.Org ? null : scope.Id.StartsWith("globex", StringComparison.Ordinal) ? "globex" : "acme"));
        }

        var globex = ScopeId.Org("globex");
        var member = Sample.Next(globex, layers[globex], ChangeKind.MemberSet) with { Members = [new MemberChange("ann", null, ScopeRole.OrgAdmin)] };
        layers[globex] = await store.CommitAsync(member, layers[globex]);
        return layers;
    }

    // Most are in order; some expect another revision, repeat an operation, are asked for by somebody who may not, or enable what a parent has off.
    private static List<PendingChange> Batch(Random random, Dictionary<ScopeId, Layer> layers, int round)
    {
        var scopes = Scopes.ToArray();
        random.Shuffle(scopes);
        return [.. scopes.Take(1 + random.Next(scopes.Length)).Select((scope, i) =>
        {
            var layer = (ScopeLayer)layers[scope];
            var modules = Modules.ToArray();
            random.Shuffle(modules);
            bool?[] states = [null, false, true];
            var touched = modules.Take(1 + random.Next(2)).Select(m => Sample.Override(
                scope, layer, m, states[random.Next(3)], $$"""{"round":{{round}},"text":"a, \"b\""}""", clear: layer.Find(m) is not null && random.Next(3) == 0)).ToArray();
            var change = touched[0] with
            {
                Revision = layer.Revision + (random.Next(5) == 0 ? random.Next(3) : 1),
                Overrides = [.. touched.SelectMany(t => t.Overrides)],
                OperationId = random.Next(6) == 0 && round > 0 ? $"operation {round - 1} {i}" : $"operation {round} {i}",
                Fingerprint = random.Next(2) == 0 ? "digest" : null,
                At = Sample.At.AddSeconds(round),
                Reason = random.Next(2) == 0 ? "why" : null,
            };
            var identity = random.Next(4) switch
            {
                0 => new ChangeIdentity("ann", []),
                1 => new ChangeIdentity("bob", [new RoleGrant(scope, scope.Kind == ScopeKind.Org ? ScopeRole.OrgAdmin : ScopeRole.WsAdmin)]),
                _ => null,
            };
            return new PendingChange(change, LayerFold.Apply(layer, change with { Revision = layer.Revision + 1 }), identity);
        })];
    }

    private static async Task<List<string>> OutcomesAsync(NpgsqlCommand call)
    {
        try
        {
            var outcomes = new List<string>();
            await using var rows = await call.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                var first = rows.IsDBNull(4) ? "" : Sample.Text(Rows.ReadRecord(rows, 4) with { Position = 0 });
                outcomes.Add($"{rows.GetInt32(0)} {rows.GetString(1)} {(rows.IsDBNull(2) ? "nowhere" : "placed")} {(rows.IsDBNull(3) ? "-" : rows.GetInt64(3))} {first}");
            }

            outcomes.Sort(StringComparer.Ordinal);
            return outcomes;
        }
        catch (PostgresException e)
        {
            return [$"all failed {e.SqlState}"];
        }
    }

    private static async Task<string[]> LayersAsync(TestDatabase database)
    {
        await using var store = await Stores.OpenAsync(database.ConnectionString);
        return [.. (await store.LoadAsync(Scopes, default)).Select(Sample.Text).Order(StringComparer.Ordinal)];
    }
}
