using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Testing;

namespace OrleansModules.Engines.Conformance;

public abstract partial class EngineConformance
{
    private static readonly DateTime Then = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static AccessToken Token(string id, ScopeRole role) => new(id, "for tests", role, Then, null, [new TokenSecret("first", Then, null)]);

    [Fact]
    [Requirement("D7")]
    public async Task Settings_put_and_patched_are_the_scopes_own_and_move_no_map()
    {
        var (engine, _) = await StartWithScopesAsync();
        engine.TryRead(Support, out var before);
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.PutSettings(JsonObjectValue.Parse("""{"navIcon":"box"}""")));
        await AcceptedAsync(engine, Acme, new ScopeCommand.PutSettings(JsonObjectValue.Parse("""{"navIcon":"star","enableTags":true}""")));
        var record = await AcceptedAsync(engine, Acme, new ScopeCommand.PatchSettings(JsonObjectValue.Parse("""{"navIcon":null}""")));
        Assert.Equal((ChangeKind.SettingsSet, """{"enableTags":true}"""), (record.Kind, record.Settings!.After.ToString()));
        Assert.IsType<ChangeAnswer.Unchanged>(await ChangeAsync(engine, Acme, new ScopeCommand.PatchSettings(JsonObjectValue.Parse("""{"enableTags":true}"""))));
        Assert.Equal("""{"enableTags":true}""", (await engine.ReadLayerAsync(Acme, default))!.Settings.ToString());
        Assert.Equal("""{"navIcon":"box"}""", (await engine.ReadLayerAsync(ScopeId.System, default))!.Settings.ToString());
        Assert.True((await engine.ReadLayerAsync(Support, default))!.Settings.IsEmpty);

        engine.TryRead(Support, out var after);
        Assert.Same(before.Map, after.Map);
        Assert.Equal((before.Version.System + 1, before.Version.Org + 2, before.Version.Own), (after.Version.System, after.Version.Org, after.Version.Own));
    }

    [Fact]
    [Requirement("K2")]
    public async Task Document_among_the_settings_is_replaced_whole_and_stays_when_settings_are_replaced()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.PutSettings(JsonObjectValue.Parse("""{"navIcon":"box"}""")));
        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.PutDocument(SettingDocuments.WarmingSchedule, JsonObjectValue.Parse("""{"a":{"b":1},"c":2}""")));
        var record = await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.PutDocument(SettingDocuments.WarmingSchedule, JsonObjectValue.Parse("""{"a":{"d":null}}""")));
        Assert.Equal((ChangeKind.SettingsSet, """{"navIcon":"box","warmingSchedule":{"a":{"d":null}}}"""), (record.Kind, record.Settings!.After.ToString()));
        Assert.IsType<ChangeAnswer.Unchanged>(await ChangeAsync(engine, ScopeId.System, new ScopeCommand.PutDocument(SettingDocuments.WarmingSchedule, JsonObjectValue.Parse("""{"a":{"d":null}}"""))));

        await AcceptedAsync(engine, ScopeId.System, new ScopeCommand.PutSettings(JsonObjectValue.Empty));

        Assert.Equal("""{"warmingSchedule":{"a":{"d":null}}}""", (await engine.ReadLayerAsync(ScopeId.System, default))!.Settings.ToString());
    }

    [Fact]
    [Requirement("H8")]
    public async Task Members_are_given_changed_and_taken_roles_that_fit_the_scope()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Acme, new ScopeCommand.PutMember("ann", ScopeRole.OrgAdmin));
        var changed = await AcceptedAsync(engine, Acme, new ScopeCommand.PutMember("ann", ScopeRole.OrgUser));
        Assert.Equal([new MemberChange("ann", ScopeRole.OrgAdmin, ScopeRole.OrgUser)], changed.Members.AsEnumerable());
        Assert.IsType<ChangeAnswer.Unchanged>(await ChangeAsync(engine, Acme, new ScopeCommand.PutMember("ann", ScopeRole.OrgUser)));
        Assert.Equal([FaultCodes.RoleNotForScope], await RefusedAsync(engine, Acme, new ScopeCommand.PutMember("ann", ScopeRole.WsUser)));
        Assert.Equal([FaultCodes.RoleNotForScope], await RefusedAsync(engine, Support, new ScopeCommand.PutMember("ann", ScopeRole.SysAdmin)));
        Assert.Equal([FaultCodes.MemberNotFound], await RefusedAsync(engine, Acme, new ScopeCommand.RemoveMember("bob")));

        var member = (await engine.ReadLayerAsync(Acme, default))!.Access.FindMember("ann")!;
        Assert.Equal((ScopeRole.OrgUser, changed.Revision, "tester"), (member.Role, member.Mark.Revision, member.Mark.Actor));
        await AcceptedAsync(engine, Acme, new ScopeCommand.RemoveMember("ann"));
        Assert.True((await engine.ReadLayerAsync(Acme, default))!.Access.IsEmpty);
    }

    [Fact]
    [Requirement("H8")]
    public async Task Tokens_are_made_once_rotated_with_two_secrets_and_revoked()
    {
        var (engine, _) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, new ScopeCommand.CreateToken(Token("shell-1", ScopeRole.Shell)));
        Assert.Equal([FaultCodes.RoleNotForScope, FaultCodes.TokenExists], await RefusedAsync(engine, Support, new ScopeCommand.CreateToken(Token("shell-1", ScopeRole.OrgAdmin))));
        Assert.Equal([FaultCodes.TokenNotFound], await RefusedAsync(engine, Support, new ScopeCommand.RotateToken("other", new TokenSecret("x", Then, null), Then)));

        await AcceptedAsync(engine, Support, new ScopeCommand.RotateToken("shell-1", new TokenSecret("second", Then, null), Then.AddHours(1)));
        await AcceptedAsync(engine, Support, new ScopeCommand.RotateToken("shell-1", new TokenSecret("third", Then, null), Then.AddHours(2)));
        var token = (await engine.ReadLayerAsync(Support, default))!.Access.FindToken("shell-1")!;
        Assert.Equal([new TokenSecret("second", Then, Then.AddHours(2)), new TokenSecret("third", Then, null)], token.Secrets.AsEnumerable());

        await AcceptedAsync(engine, Support, new ScopeCommand.RevokeToken("shell-1"));
        Assert.Equal([FaultCodes.TokenNotFound], await RefusedAsync(engine, Support, new ScopeCommand.RevokeToken("shell-1")));
    }

    [Fact]
    public async Task Deleted_scope_loses_its_settings_members_and_tokens()
    {
        var (engine, store) = await StartWithScopesAsync();
        await AcceptedAsync(engine, Support, new ScopeCommand.PutSettings(JsonObjectValue.Parse("""{"color":"red"}""")));
        await AcceptedAsync(engine, Support, new ScopeCommand.PutMember("ann", ScopeRole.WsOwner));
        await AcceptedAsync(engine, Support, new ScopeCommand.CreateToken(Token("shell-1", ScopeRole.Shell)));
        await AcceptedAsync(engine, Support, new ScopeCommand.DeleteScope());
        Assert.Equal([FaultCodes.WorkspaceNotFound], await RefusedAsync(engine, Support, new ScopeCommand.PutMember("ann", ScopeRole.WsUser)));
        await AcceptedAsync(engine, Support, new ScopeCommand.PutScope("Again", "acme"));

        var again = await StartAsync(store);
        Assert.True((await engine.ReadLayerAsync(Support, default))!.Extras.IsNone);
        Assert.True((await again.ReadLayerAsync(Support, default))!.Extras.IsNone);
    }
}
