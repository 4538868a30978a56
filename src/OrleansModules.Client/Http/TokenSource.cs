namespace OrleansModules.Client.Http;

/// <summary>The access token of the moment, renewed by one caller at a time.</summary>
internal sealed class TokenSource(ModulesClientOptions options) : IDisposable
{
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private volatile string? _token = options.Token;

    /// <summary>The token to send; null for none.</summary>
    /// <exception cref="ServiceException">It could not be fetched.</exception>
    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken) =>
        _token is { } token || options.FetchToken is null ? _token : await RenewAsync(null, cancellationToken);

    /// <summary>Fetches a token in place of one that was refused.</summary>
    /// <param name="refused">The token that the service refused; where another is there already, that one is taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The token now; the refused one where no other can be had.</returns>
    /// <exception cref="ServiceException">It could not be fetched.</exception>
    public async ValueTask<string?> RenewAsync(string? refused, CancellationToken cancellationToken)
    {
        if (options.FetchToken is not { } fetch)
        {
            return refused;
        }

        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (!string.Equals(_token, refused, StringComparison.Ordinal))
            {
                return _token;
            }

            return _token = await fetch(cancellationToken);
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

    /// <inheritdoc/>
    public void Dispose() => _renewing.Dispose();
}
