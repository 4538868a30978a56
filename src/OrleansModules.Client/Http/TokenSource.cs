using System.Diagnostics.CodeAnalysis;

namespace OrleansModules.Client.Http;

/// <summary>The access token of the moment, renewed by one caller at a time.</summary>
/// <remarks>Safe for concurrent use.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing, and requests may still wait for it when the client ends.")]
internal sealed class TokenSource(ModulesClientOptions options, TimeProvider time)
{
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private volatile string? _token = Trimmed(options.Token);
    private long? _renewedAt; // in _renewing

    /// <summary>Whether a string can stand behind <c>Bearer</c>: visible ASCII characters, with white space around that does not count.</summary>
    public static bool IsValid(string token) => !token.AsSpan().Trim().ContainsAnyExceptInRange('!', '~');

    /// <summary>The token to send; null for none.</summary>
    /// <exception cref="ServiceException">It could not be fetched.</exception>
    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken) =>
        _token is { } token || options.FetchToken is null ? _token : await RenewAsync(null, cancellationToken);

    /// <summary>Fetches a token in place of one that was refused.</summary>
    /// <param name="refused">The token that the service refused; where another is there already, that one is taken. Null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The token now; the refused one where no other can be had, or one was fetched less than <see cref="ModulesClientOptions.MinRetryDelay"/> ago.</returns>
    /// <exception cref="ServiceException">It could not be fetched, or is none.</exception>
    public async ValueTask<string?> RenewAsync(string? refused, CancellationToken cancellationToken)
    {
        if (options.FetchToken is not { } fetch)
        {
            return refused;
        }

        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (!string.Equals(_token, refused, StringComparison.Ordinal) || (_renewedAt is { } at && time.GetElapsedTime(at) < options.MinRetryDelay))
            {
                return _token;
            }

            var fetched = Trimmed(await fetch(cancellationToken));
            _renewedAt = refused is null && fetched is not null ? null : time.GetTimestamp();
            return fetched is null || IsValid(fetched) ? _token = fetched : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new ServiceException(CopyProblem.Unauthorized, $"{nameof(ModulesClientOptions.FetchToken)} returned something that is no token.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServiceException(CopyProblem.Unauthorized, $"The access token could not be fetched: {e.GetType().Name}.", inner: e);
        }
        finally
        {
            _renewing.Release();
        }
    }

    private static string? Trimmed(string? token) => token?.Trim() is { Length: > 0 } trimmed ? trimmed : null; // files end with a new line
}
