using OrleansModules.Api.Changes;
using OrleansModules.Api.Contracts;
using OrleansModules.Api.OpenApi;
using OrleansModules.Api.Requests;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>The list of all routes about access: members, tokens, the audit trail, and who asks.</summary>
internal sealed class AccessRoutes(IServiceProvider services)
{
    private readonly AuditReads _audit = services.GetRequiredService<AuditReads>();
    private readonly ChangeEndpoint _changes = services.GetRequiredService<ChangeEndpoint>();
    private readonly MemberEndpoints _members = services.GetRequiredService<MemberEndpoints>();
    private readonly TokenEndpoints _tokens = services.GetRequiredService<TokenEndpoints>();
    private readonly WhoAmI _who = services.GetRequiredService<WhoAmI>();

    /// <summary>Maps every route.</summary>
    public void Map(IEndpointRouteBuilder platform)
    {
        platform.MapRead("/whoami", _who.ReadAsync).Requires(AccessAction.SignIn, ScopeKind.System)
            .Describe(new("whoami", "Who asks, and which roles count in a scope") { Answer = typeof(WhoAmIAnswer), Query = ["scope"] });
        MapScope(platform, ScopeKind.System, "system", "the system");
        MapScope(platform.MapGroup("/orgs/{id}"), ScopeKind.Org, "org", "the organization");
        MapScope(platform.MapGroup("/workspaces/{id}"), ScopeKind.Workspace, "workspace", "the workspace");
    }

    private void MapScope(IEndpointRouteBuilder scope, ScopeKind kind, string id, string what)
    {
        scope.MapRead("/audit", _audit.List(kind)).Requires(AccessAction.ReadAudit, kind).Describe(new($"{id}Audit", $"Who did what in {what}, and who was refused, newest first")
        {
            Answer = typeof(AuditPage), Query = ["limit", "before", "subject", "action", "outcome", "since", "until"], Statuses = [404, 503],
        });
        MapMembers(scope.MapGroup("/members"), kind, id, what);
        MapTokens(scope.MapGroup("/tokens"), kind, id, what);
    }

    private void MapMembers(IEndpointRouteBuilder members, ScopeKind kind, string id, string what)
    {
        members.MapRead("", _members.List(kind)).Requires(AccessAction.ReadAccess, kind).Describe(new($"{id}MemberList", $"A page of members of {what}, by subject")
        {
            Answer = typeof(MemberPage), Query = ["limit", "after"], Statuses = [404],
        });
        members.MapRead("/{subject}", _members.Get(kind)).Requires(AccessAction.ReadAccess, kind).Describe(new($"{id}MemberGet", $"One member of {what}") { Answer = typeof(MemberAnswer), Statuses = [404] });
        members.MapPut("/{subject}", _changes.Handle(kind, BodyKind.Json, _members.Put)).Requires(AccessAction.ChangeAccess, kind)
            .Describe(new($"{id}MemberSet", $"Gives somebody a role in {what}, in place of the one they had") { Body = typeof(MemberBody), IsWrite = true });
        members.MapDelete("/{subject}", _changes.Handle(kind, BodyKind.None, _members.Remove)).Requires(AccessAction.ChangeAccess, kind)
            .Describe(new($"{id}MemberRemove", $"Takes somebody's role in {what} away") { IsWrite = true });
    }

    private void MapTokens(IEndpointRouteBuilder tokens, ScopeKind kind, string id, string what)
    {
        tokens.MapRead("", _tokens.List(kind)).Requires(AccessAction.ReadAccess, kind).Describe(new($"{id}TokenList", $"All tokens of {what}, by id") { Answer = typeof(TokenListAnswer), Statuses = [404] });
        tokens.MapPost("", _changes.Handle(kind, BodyKind.Json, _tokens.Create, TokenEndpoints.Show)).Requires(AccessAction.ChangeAccess, kind)
            .Describe(new($"{id}TokenCreate", $"Makes a token for {what}; its secret is in this answer only") { Body = typeof(TokenBody), IsWrite = true, Status = 201 });
        tokens.MapRead("/{token}", _tokens.Get(kind)).Requires(AccessAction.ReadAccess, kind).Describe(new($"{id}TokenGet", $"One token of {what}") { Answer = typeof(TokenAnswer), Statuses = [404] });
        tokens.MapPost("/{token}/rotate", _changes.Handle(kind, BodyKind.Json, _tokens.Rotate, TokenEndpoints.Show)).Requires(AccessAction.ChangeAccess, kind)
            .Describe(new($"{id}TokenRotate", "Gives a token a new secret, in this answer only; the one before stays valid for a while") { Body = typeof(RotateBody), IsWrite = true });
        tokens.MapDelete("/{token}", _changes.Handle(kind, BodyKind.None, _tokens.Revoke)).Requires(AccessAction.ChangeAccess, kind)
            .Describe(new($"{id}TokenRevoke", "Revokes a token") { IsWrite = true });
    }
}
