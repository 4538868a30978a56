using System.Collections.Immutable;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Storage.Conformance;
using OrleansModules.Testing;

namespace OrleansModules.Postgres.Tests;

/// <summary>The second wall: the database decides by the identity of each change, whatever was let through in front of it. No gate stands before these.</summary>
[Requirement("K9")]
public sealed class IdentityTests : FilledStoreTests
{
    private static readonly ChangeIdentity Stranger = Holding(ScopeId.Workspace("elsewhere"), ScopeRole.WsAdmin);

    [Fact]
    public async Task Append_as_an_admin_of_another_tenant_is_refused_and_harms_no_other_change_of_its_batch()
    {
        var layers = new List<Layer>();
        for (var i = 0; i < 12; i++)
        {
            layers.Add(await Store.CommitAsync(Sample.Put(ScopeId.Workspace($"ws-{i}"), Worlds.Org.Id)));
        }

        var results = await Task.WhenAll(layers.Select(async (layer, i) =>
        {
            var scope = ScopeId.Workspace($"ws-{i}");
            var change = Sample.Override(scope, layer, "chat", true);
            return await Store.AppendAsync(change, LayerFold.Apply(layer, change), i % 3 == 0 ? Stranger : Holding(scope, ScopeRole.WsAdmin), default);
        }));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 3 == 0), results.Select(r => r is AppendResult.Refused));
        Assert.Equal(8, results.OfType<AppendResult.Committed>().Count());
        Assert.Equal(3 + 12 + 8, (await Store.HeadAsync(default)).Position);
        Assert.Equal(8, await Database.ScalarAsync<long>("select count(*) from mgmt_cfg_ws_modules"));
        Assert.Equal(1, (await Worlds.LayerAsync(Store, ScopeId.Workspace("ws-0"))).Revision);
    }

    [Fact]
    public async Task Creation_and_deletion_as_somebody_who_may_not_leave_nothing_behind()
    {
        var member = Holding(Worlds.Workspace, ScopeRole.WsAdmin);
        var layer = await Worlds.LayerAsync(Store, Worlds.Workspace);
        ChangeRecord[] refused =
        [
            Sample.Put(ScopeId.Org("mine")), Sample.Put(ScopeId.Workspace("mine"), Worlds.Org.Id), Sample.Delete(Worlds.Workspace, layer), Sample.Define("mine"),
            Sample.Next(Worlds.Workspace, layer, ChangeKind.MemberSet) with { Members = [new MemberChange("me", ScopeRole.WsAdmin, ScopeRole.WsOwner)] },
        ];

        foreach (var change in refused)
        {
            Layer? before = change.Scope == Worlds.Workspace ? layer : change.Scope == ScopeId.System ? await Worlds.LayerAsync(Store, ScopeId.System) : null;
            var made = change with { Revision = (before?.Revision ?? 0) + 1 };
            Assert.IsType<AppendResult.Refused>(await Store.AppendAsync(made, LayerFold.Apply(before, made), member, default));
        }

        Assert.Equal(3, (await Store.HeadAsync(default)).Position);
        Assert.Equal(2, await Database.ScalarAsync<long>("select (select count(*) from mgmt_cfg_orgs) + (select count(*) from mgmt_cfg_workspaces)"));
    }

    [Fact]
    public async Task Change_of_a_member_whom_only_the_database_knows_as_gone_is_answered_with_a_code_of_its_own()
    {
        await Database.ExecuteAsync("insert into mgmt_cfg_members (scope_kind, scope_id, subject, role) values ('workspace', 'support', 'ann', 'ws_admin')");
        var (tree, watches) = (new ModuleTree(), new WatchHub());
        var replica = new Replica(tree, watches);
        var engine = new EmbeddedEngine(Store, tree, watches, replica, new FeedFollower(Store, replica, TimeProvider.System, new FollowOptions()), TimeProvider.System);
        await engine.StartAsync(default);
        ChangeRequest Put(string config) => new()
        {
            Scope = Worlds.Workspace,
            Command = new ScopeCommand.PutOverride("chat", JsonObjectValue.Parse($$"""{"configOverrides":{{config}}}""")),
            Actor = "ann",
            Identity = new ChangeIdentity("ann", []),
        };

        var accepted = await engine.ChangeAsync(Put("""{"a":1}"""), default);
        await Database.ExecuteAsync("set session_replication_role = replica; delete from mgmt_cfg_members; set session_replication_role = origin");
        var refused = await engine.ChangeAsync(Put("""{"a":2}"""), default);

        Assert.IsType<ChangeAnswer.Accepted>(accepted);
        Assert.Equal(FaultCodes.IdentityRefused, Assert.Single(Assert.IsType<ChangeAnswer.Refused>(refused).Faults).Code);
        Assert.Equal(5, (await Store.HeadAsync(default)).Position);
    }

    private static ChangeIdentity Holding(ScopeId scope, ScopeRole role) => new("somebody", ImmutableArray.Create(new RoleGrant(scope, role)));
}
