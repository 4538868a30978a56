using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Makes the token that the first administrator signs in with, where nobody could sign in otherwise.</summary>
public sealed class FirstToken
{
    private readonly IModuleEngine _engine;
    private readonly AccessSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly bool _isConfigured;

    internal FirstToken(IModuleEngine engine, AccessSecrets secrets, TimeProvider time, Authenticator authenticator) =>
        (_engine, _secrets, _time, _isConfigured) = (engine, secrets, time, authenticator.IsConfigured);

    /// <summary>Whether anybody can sign in: by the configuration, or with a token of the system that was made before.</summary>
    public bool CanAnybodySignIn => _isConfigured || _engine.FindLayer(ScopeId.System)?.Access.TokenCount > 0;

    /// <summary>Makes a token that opens everything, unless somebody can sign in already.</summary>
    /// <returns>The token, which is kept nowhere; null where none was made.</returns>
    public async ValueTask<string?> MakeAsync(CancellationToken cancellationToken)
    {
        if (CanAnybodySignIn)
        {
            return null;
        }

        var ticks = _time.GetUtcNow().UtcTicks;
        var now = new DateTime(ticks - (ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
        var id = TokenText.NewId();
        var text = TokenText.New(ScopeId.System, id);
        var token = new AccessToken(id, "first", ScopeRole.SysOwner, now, null, [new TokenSecret(_secrets.Hash(text), now, null)]);
        var answer = await _engine.ChangeAsync(new ChangeRequest { Scope = ScopeId.System, Command = new ScopeCommand.CreateToken(token), Actor = "configuration", Reason = "First token" }, cancellationToken);
        return answer is ChangeAnswer.Accepted ? text : throw new InvalidOperationException("The first token was refused.");
    }
}
