namespace OrleansModules.Api.Access.Jwt;

/// <summary>Where the provider's keys come from: a file or an address.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class JwtKeySource : IDisposable
{
    private const int MaxBytes = 1 << 20;

    private readonly JwtOptions _options;
    private readonly HttpClient? _client;

    /// <summary>Takes the settings, which were validated.</summary>
    public JwtKeySource(JwtOptions options)
    {
        _options = options;
        _client = options.JwksUrl is null
            ? null
            : new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) }) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = MaxBytes };
    }

    /// <summary>Reads the keys as they are published now.</summary>
    /// <exception cref="IOException">The file cannot be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="HttpRequestException">The address does not answer well, or too much.</exception>
    /// <exception cref="OperationCanceledException">The address took longer than five seconds.</exception>
    public async Task<byte[]> ReadAsync()
    {
        if (_client is not null)
        {
            return await _client.GetByteArrayAsync(_options.JwksUrl);
        }

        var file = new FileInfo(_options.JwksFile!); // one of both is set
        return file.Length <= MaxBytes ? await File.ReadAllBytesAsync(file.FullName) : throw new IOException($"The keys have more than {MaxBytes} bytes.");
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();
}
