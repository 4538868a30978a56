using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.Access;

/// <summary>Somebody who asks: a header with their credential.</summary>
internal static class Callers
{
    /// <summary>A header that carries no credential at all.</summary>
    public static readonly (string, string) Nobody = ("Authorization", "");

    /// <summary>The header of a bearer.</summary>
    public static (string Name, string Value) Bearer(string token) => ("Authorization", $"Bearer {token}");

    /// <summary>The path of a scope's routes.</summary>
    public static string PathOf(ScopeId scope) => scope.Kind switch
    {
        ScopeKind.System => "/api/platform",
        ScopeKind.Org => $"/api/platform/orgs/{scope.Id}",
        _ => $"/api/platform/workspaces/{scope.Id}",
    };

    /// <summary>Makes a token with a role in a scope, as the administrator of the tests.</summary>
    public static async Task<Answer> MakeTokenAsync(this ApiFixture api, ScopeId scope, string role, string? expiresAt = null) => (await api.PostAsync(
        $"{PathOf(scope)}/tokens", $$"""{"name":"{{role}}","role":"{{role}}"{{(expiresAt is null ? "" : $",\"expiresAt\":\"{expiresAt}\"")}}}""")).Is(201);

    /// <summary>Makes a token and answers the header of who holds it.</summary>
    public static async Task<(string Name, string Value)> HolderAsync(this ApiFixture api, ScopeId scope, string role) => Bearer((await api.MakeTokenAsync(scope, role))["secret"]!);

    /// <summary>Starts an application that takes <c>jwt:{subject}</c> for a token of the identity provider.</summary>
    public static Task<ApiFixture> StartWithPeopleAsync(TimeProvider? time = null, params RoleGrant[] grants) => ApiFixture.StartWithAsync(builder =>
    {
        builder.Services.AddSingleton<IJwtVerifier>(new People([.. grants]));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }
    });

    internal sealed class People(ImmutableArray<RoleGrant> grants) : IJwtVerifier
    {
        public ValueTask<JwtResult> VerifyAsync(string token, CancellationToken cancellationToken) => ValueTask.FromResult<JwtResult>(
            token.StartsWith("jwt:", StringComparison.Ordinal) ? new JwtResult.Accepted(token[4..], grants, new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc)) : new JwtResult.Refused("signature-invalid"));
    }
}
