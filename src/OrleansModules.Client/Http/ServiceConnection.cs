using System.Net;
using System.Net.Http.Headers;

namespace OrleansModules.Client.Http;

/// <summary>Asks the service for maps and event streams.</summary>
/// <remarks>Safe for concurrent use. Reads are limited in number: after a change of the system every followed scope wants one at once. Whoever waits longer than <see cref="ModulesClientOptions.RequestTimeout"/> for their turn is told so.</remarks>
internal sealed class ServiceConnection : IDisposable
{
    private const int MaxConcurrentReads = 8;

    private readonly HttpClient _http;
    private readonly TokenSource _tokens;
    private readonly ModulesClientOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _reads = new(MaxConcurrentReads);

    public ServiceConnection(ModulesClientOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _tokens = new TokenSource(options, time);
        _http = new HttpClient(options.CreateHandler?.Invoke() ?? DefaultHandler())
        {
            BaseAddress = WithSlash(options.Address!), // validated
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>Reads a map.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="known">The version at hand, for a 304; null where there is none.</param>
    /// <param name="atLeast">The version that the answer has to include; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ServiceException">It could not be read.</exception>
    /// <exception cref="ScopeNotFoundException">The scope does not exist.</exception>
    public async Task<MapAnswer> ReadMapAsync(ModuleScope scope, MapVersion? known, MapVersion? atLeast, CancellationToken cancellationToken)
    {
        using var timeout = new Deadline(_options.RequestTimeout, _time, cancellationToken);
        await Guarded(_reads.WaitAsync(timeout.Token), timeout, cancellationToken);
        try
        {
            timeout.Restart(); // the wait for a turn is no fault of this request
            return await Guarded(ReadAsync(timeout.Token), timeout, cancellationToken);
        }
        finally
        {
            _reads.Release();
        }

        async Task<MapAnswer> ReadAsync(CancellationToken token)
        {
            var path = Path(scope) + "/modules" + (atLeast is null ? "" : $"?atLeast={atLeast}");
            using var answer = await SendAsync(path, "application/json", r => AddIfNoneMatch(r, known), token);
            if (answer.StatusCode == HttpStatusCode.NotModified && known is not null)
            {
                return new MapAnswer(null, ServiceAnswer.StaleFor(answer));
            }

            ServiceAnswer.RequireType(answer, "application/json");
            var body = await ServiceAnswer.ReadAsync(answer.Content, _options.MaxMapBytes, token)
                ?? throw new ServiceException(CopyProblem.BadAnswer, $"The map of {scope} is larger than {nameof(ModulesClientOptions.MaxMapBytes)}, {_options.MaxMapBytes} bytes.");
            return new MapAnswer(body, ServiceAnswer.StaleFor(answer));
        }
    }

    /// <summary>Opens the event stream of a scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="known">The version at hand, as <c>Last-Event-ID</c>; null where there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, whose body is the stream.</returns>
    /// <exception cref="ServiceException">It could not be opened.</exception>
    /// <exception cref="ScopeNotFoundException">The scope does not exist.</exception>
    public async Task<HttpResponseMessage> OpenEventsAsync(ModuleScope scope, MapVersion? known, CancellationToken cancellationToken)
    {
        using var timeout = new Deadline(_options.RequestTimeout, _time, cancellationToken);
        return await Guarded(OpenAsync(timeout.Token), timeout, cancellationToken);

        async Task<HttpResponseMessage> OpenAsync(CancellationToken token)
        {
            var answer = await SendAsync(Path(scope) + "/events", "text/event-stream", r => AddLastEventId(r, known), token);
            try
            {
                ServiceAnswer.RequireType(answer, "text/event-stream");
                return answer;
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose(); // the semaphores have nothing to dispose of, and may still be waited for
    }

    private static SocketsHttpHandler DefaultHandler() => new()
    {
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        EnableMultipleHttp2Connections = true, // one stream per scope soon fills a connection
        PooledConnectionLifetime = TimeSpan.FromMinutes(10), // so that changes of DNS are seen
    };

    private static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.GetLeftPart(UriPartial.Path) + "/");

    private static string Path(ModuleScope scope) => $"api/platform/{(scope.IsWorkspace ? "workspaces" : "orgs")}/{scope.Id}";

    private static void AddIfNoneMatch(HttpRequestMessage request, MapVersion? known)
    {
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{known}\""));
        }
    }

    private static void AddLastEventId(HttpRequestMessage request, MapVersion? known)
    {
        if (known is not null)
        {
            request.Headers.Add("Last-Event-ID", known.ToString());
        }
    }

    private static async Task<T> Guarded<T>(Task<T> work, Deadline timeout, CancellationToken caller)
    {
        await Guarded((Task)work, timeout, caller);
        return await work;
    }

    private static async Task Guarded(Task work, Deadline timeout, CancellationToken caller)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException e) when (!caller.IsCancellationRequested) // also where a handler gives up by itself, such as on connecting
        {
            throw new ServiceException(CopyProblem.Unreachable, timeout.IsOver ? $"The service did not answer within {timeout.Patience:c}." : $"The service cannot be reached: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException)
        {
            throw new ServiceException(CopyProblem.Unreachable, $"The service cannot be reached: {e.Message}", inner: e);
        }
        catch (InvalidDataException e)
        {
            throw new ServiceException(CopyProblem.BadAnswer, $"The answer cannot be decompressed: {e.Message}", inner: e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string accept, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        var token = await _tokens.GetAsync(cancellationToken);
        var answer = await SendOnceAsync(path, accept, prepare, token, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && await RenewAsync(answer, token, cancellationToken) is { } renewed)
        {
            answer.Dispose();
            answer = await SendOnceAsync(path, accept, prepare, renewed, cancellationToken);
        }

        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified)
        {
            return answer;
        }

        using (answer)
        {
            throw await ServiceAnswer.RefusedAsync(answer, _time.GetUtcNow(), cancellationToken);
        }
    }

    // Null where there is no other token than the refused one.
    private async Task<string?> RenewAsync(HttpResponseMessage refusal, string? refused, CancellationToken cancellationToken)
    {
        try
        {
            var token = await _tokens.RenewAsync(refused, cancellationToken);
            return string.Equals(token, refused, StringComparison.Ordinal) ? null : token;
        }
        catch
        {
            refusal.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(string path, string accept, Action<HttpRequestMessage> prepare, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        prepare(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
