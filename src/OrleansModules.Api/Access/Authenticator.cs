using Microsoft.Extensions.Primitives;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Finds out who asks, from <c>Authorization: Bearer</c> or <c>X-API-Key</c>.</summary>
/// <remarks>
/// An accepted credential is remembered. A remembered token counts while the members and tokens of its scope are the very object it was
/// found in; when that changed it is looked up again. So a revoked token ends with the request that follows the change on this node.
/// </remarks>
internal sealed class Authenticator(IModuleEngine engine, AccessSecrets secrets, AccessOptions options, TimeProvider time, IJwtVerifier? verifier = null)
{
    private const string ApiKey = "X-API-Key";
    private const string Bearer = "Bearer ";

    private readonly CredentialCache _bearers = new();
    private readonly CredentialCache _keys = new();

    /// <summary>Whether anybody can sign in by the configuration alone.</summary>
    public bool IsConfigured => secrets.HasBootstrapToken || verifier is not null;

    /// <summary>Finds out who asks, where that is remembered. Never waits.</summary>
    public bool TryRecall(HttpContext context, out Principal principal)
    {
        var headers = context.Request.Headers;
        var (sent, cache) = headers.Authorization is { Count: 1 } bearer && !headers.ContainsKey(ApiKey) ? (bearer, _bearers) : (headers[ApiKey], _keys);
        if (sent.Count == 1 && sent[0] is { Length: > 0 } credential && (ReferenceEquals(cache, _bearers) || headers.Authorization.Count == 0) && cache.TryFind(credential, out var known))
        {
            var now = time.GetUtcNow().UtcDateTime;
            if (now < known.Until && IsCurrent(known.Principal, now))
            {
                principal = known.Principal;
                return true;
            }

            cache.Remove(credential);
        }

        principal = Principal.Nobody;
        return false;
    }

    /// <summary>Finds out who asks.</summary>
    public async ValueTask<Authentication> AuthenticateAsync(HttpContext context)
    {
        if (TryRecall(context, out var known))
        {
            return new Authentication(known, null);
        }

        var headers = context.Request.Headers;
        var (authorization, key) = (WithoutEmpty(headers.Authorization), WithoutEmpty(headers[ApiKey]));
        if (authorization.Count == 0 && key.Count == 0)
        {
            return new Authentication(Principal.Nobody, null);
        }

        if (authorization.Count + key.Count > 1)
        {
            return Authentication.Fail(AccessCodes.CredentialAmbiguous);
        }

        if (key.Count == 1)
        {
            return await RememberAsync(_keys, key, OfMachineAsync(key.ToString(), context.RequestAborted));
        }

        var text = authorization.ToString();
        if (!text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Authentication.Fail(AccessCodes.SchemeNotSupported);
        }

        var token = text[Bearer.Length..].Trim();
        var isOwn = verifier is null || token.StartsWith(TokenText.Prefix, StringComparison.Ordinal) || secrets.IsBootstrap(token);
        return await RememberAsync(_bearers, authorization, isOwn ? OfMachineAsync(token, context.RequestAborted) : OfPersonAsync(verifier!, token, context.RequestAborted)); // isOwn without one
    }

    /// <summary>What the credential of a request is by its form. Verifies nothing.</summary>
    public CredentialForm FormOf(HttpContext context)
    {
        var (authorization, key) = (WithoutEmpty(context.Request.Headers.Authorization), WithoutEmpty(context.Request.Headers[ApiKey]));
        if (authorization.Count + key.Count != 1)
        {
            return authorization.Count + key.Count == 0 ? CredentialForm.None : CredentialForm.Other;
        }

        var text = authorization.ToString();
        var isBearer = text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
        var token = isBearer ? text[Bearer.Length..].Trim() : key.ToString();
        if (TokenText.TryParse(token, out var scope, out _))
        {
            return engine.FindLayer(scope) is null ? CredentialForm.Other : CredentialForm.OwnToken;
        }

        return isBearer && verifier is not null && token.StartsWith('e') && token.AsSpan().Count('.') == 2 && !secrets.IsBootstrap(token) ? CredentialForm.ProviderToken : CredentialForm.Other;
    }

    /// <summary>Whether who came with a credential may still use it: it did not end, and was not revoked.</summary>
    public bool IsCurrent(Principal principal) => IsCurrent(principal, time.GetUtcNow().UtcDateTime);

    private bool IsCurrent(Principal principal, DateTime now)
    {
        if (principal.ExpiresAt is { } end && now >= end)
        {
            return false;
        }

        if (principal.Token is not { } token)
        {
            return true;
        }

        var access = engine.FindLayer(principal.Grants[0].Scope)?.Access ?? ScopeAccess.Empty;
        if (ReferenceEquals(access, principal.Found!.Among)) // whoever has a token was found
        {
            return true;
        }

        if (Find(access, token.Id, principal.SecretHash!, now) is not ({ } again, { } found) || again.Role != token.Role)
        {
            return false;
        }

        principal.Found = found;
        return true;
    }

    private async ValueTask<Authentication> OfMachineAsync(string text, CancellationToken cancellationToken)
    {
        if (secrets.IsBootstrap(text))
        {
            return new Authentication(Principal.Bootstrap, null);
        }

        if (!TokenText.TryParse(text, out var scope, out var id))
        {
            return Authentication.Fail(AccessCodes.TokenInvalid);
        }

        var layer = engine.FindLayer(scope) ?? await engine.ReadLayerAsync(scope, cancellationToken);
        var access = layer is { IsDeleted: false } ? layer.Access : ScopeAccess.Empty;
        var hash = secrets.Hash(text);
        return Find(access, id, hash, time.GetUtcNow().UtcDateTime) is ({ } token, { } found)
            ? new Authentication(Principal.OfToken(scope, token, hash, found), null)
            : Authentication.Fail(AccessCodes.TokenInvalid);
    }

    private static async ValueTask<Authentication> OfPersonAsync(IJwtVerifier verifier, string token, CancellationToken cancellationToken) =>
        await verifier.VerifyAsync(token, cancellationToken) switch
        {
            JwtResult.Accepted accepted when !Principal.IsReserved(accepted.Subject) => new Authentication(Principal.OfPerson(accepted.Subject, accepted.Grants, accepted.ExpiresAt), null),
            JwtResult.Refused refused => Authentication.Fail(refused.Code),
            _ => Authentication.Fail(AccessCodes.TokenInvalid),
        };

    private static StringValues WithoutEmpty(StringValues sent) => StringValues.IsNullOrEmpty(sent) ? StringValues.Empty : sent;

    private async ValueTask<Authentication> RememberAsync(CredentialCache cache, StringValues sent, ValueTask<Authentication> authenticating)
    {
        var answer = await authenticating;
        if (answer.Failure is null && sent[0] is { } credential)
        {
            var recheck = answer.Principal.IsPerson ? time.GetUtcNow().UtcDateTime + options.VerifiedFor : DateTime.MaxValue;
            cache.Add(credential, new CredentialCache.Remembered(answer.Principal, recheck));
        }

        return answer;
    }

    // Looks at every secret, so that the time tells nothing of which one it is.
    private static (AccessToken?, TokenFound?) Find(ScopeAccess access, string id, string hash, DateTime now)
    {
        if (access.FindToken(id) is not { } token)
        {
            return default;
        }

        TokenSecret? secret = null;
        foreach (var one in token.Secrets)
        {
            secret = AccessSecrets.AreEqual(one.Hash, hash) ? one : secret;
        }

        var until = token.ExpiresAt is { } a && secret?.ExpiresAt is { } b ? (a < b ? a : b) : token.ExpiresAt ?? secret?.ExpiresAt;
        return secret is null || now >= until ? default : (token, new TokenFound(access, until));
    }
}

/// <summary>Who asks, or why that cannot be known.</summary>
/// <param name="Principal">Who; <see cref="Principal.Nobody"/> without a credential or with a bad one.</param>
/// <param name="Failure">A stable code where a credential was sent and is not good.</param>
internal readonly record struct Authentication(Principal Principal, string? Failure)
{
    /// <summary>The credential is not good.</summary>
    public static Authentication Fail(string code) => new(Principal.Nobody, code);
}
