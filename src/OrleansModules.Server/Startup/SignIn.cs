using OrleansModules.Api.Access;

namespace OrleansModules.Server.Startup;

/// <summary>Sees to it that somebody can sign in: prints the first token at the very first start.</summary>
internal sealed class SignIn(FirstToken first, IConfiguration configuration)
{
    /// <summary>Makes and prints the first token, where nobody could sign in otherwise.</summary>
    /// <exception cref="SettingsException">Nobody could, and others can reach the server: the one who is first must not be anybody.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (first.CanAnybodySignIn)
        {
            return;
        }

        if (ListenAddresses.Open(configuration) is [var open, ..])
        {
            throw new SettingsException([ListenAddresses.Refusal(open)]);
        }

        // To the console and not to the log: logs are kept and sent on.
        var token = await first.MakeAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"""

            The first API token, shown this once. It opens everything: keep it, or make others with it and revoke it.

                {token}

            Sign in with it:  curl -H "Authorization: Bearer $TOKEN" {ListenAddresses.Read(configuration)[0]}/api/platform/whoami

            """);
    }
}
