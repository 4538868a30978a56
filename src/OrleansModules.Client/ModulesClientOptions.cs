using OrleansModules.Client.Http;

namespace OrleansModules.Client;

/// <summary>Settings of the client.</summary>
public sealed class ModulesClientOptions
{
    /// <summary>The configuration section that <c>AddOrleansModules</c> is usually given.</summary>
    public const string Section = "OrleansModules";

    /// <summary>Where the service is.</summary>
    /// <value>An absolute http or https address without user and password; a path in it is kept: <c>https://host/modules/</c>. Required.</value>
    public Uri? Address { get; set; }

    /// <summary>The access token, sent as <c>Authorization: Bearer</c>.</summary>
    /// <value>Visible ASCII characters; white space around them, such as the new line that ends a file, does not count. Default none. Never logged.</value>
    public string? Token { get; set; }

    /// <summary>Fetches a token: before the first request where <see cref="Token"/> is not set, and whenever the service answers 401.</summary>
    /// <value>A function that returns the token, or null for none. Default none.</value>
    /// <remarks>Called by one request at a time, and after a 401 at most once in <see cref="MinRetryDelay"/>. What it throws counts as <see cref="CopyProblem.Unauthorized"/>, as does a result that is no token, and is tried again with the next request.</remarks>
    public Func<CancellationToken, ValueTask<string?>>? FetchToken { get; set; }

    /// <summary>Ids of workspaces to follow from the start and never evict.</summary>
    public IList<string> Workspaces { get; init; } = [];

    /// <summary>Ids of organizations to follow from the start and never evict.</summary>
    public IList<string> Orgs { get; init; } = [];

    /// <summary>How many scopes are followed at once; each has a map in memory and an open stream.</summary>
    /// <value>1 to 100,000. Default 256.</value>
    /// <remarks>Over it, scopes that nobody asked about lately make room. The memory of their versions goes with them.</remarks>
    public int MaxScopes { get; set; } = 256;

    /// <summary>How long after the service last confirmed it a map counts as fresh.</summary>
    /// <value>1 second to 1 day. Default 1 minute.</value>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an event stream may say nothing before it counts as broken.</summary>
    /// <value>1 second to 10 minutes, above the heartbeat interval of the service. Default 45 seconds (three heartbeats).</value>
    public TimeSpan StreamSilence { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a request may take until its answer is there; for a stream, until it begins.</summary>
    /// <value>100 ms to 5 minutes. Default 15 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The wait after a first failure; it doubles with every further one, and half of it is chance.</summary>
    /// <value>10 ms to <see cref="MaxRetryDelay"/>. Default 500 ms.</value>
    public TimeSpan MinRetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between attempts, and so the polling interval where maps can be read but streams cannot.</summary>
    /// <value>Up to 1 hour. Default 30 seconds. A <c>Retry-After</c> of the service may make it longer, up to 5 minutes.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the start of the host waits for the maps of <see cref="Workspaces"/> and <see cref="Orgs"/>.</summary>
    /// <value>0 to 5 minutes. Default 5 seconds. The host starts without them afterwards.</value>
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long <see cref="IModuleAvailability.GetAsync"/> waits for the first map of a scope.</summary>
    /// <value>0 to 5 minutes. Default 2 seconds.</value>
    public TimeSpan FirstMapPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the last known maps are kept over restarts.</summary>
    /// <value>A directory that can be created and written. Default none: nothing is kept.</value>
    public string? CacheDirectory { get; set; }

    /// <summary>The largest map.</summary>
    /// <value>Bytes, 1 KiB to 1 GiB. Default 32 MiB.</value>
    public int MaxMapBytes { get; set; } = 32 << 20;

    /// <summary>Makes the handler that requests go through, for proxies, certificates and tests.</summary>
    /// <value>Default none: a <see cref="SocketsHttpHandler"/>. The client disposes it.</value>
    public Func<HttpMessageHandler>? CreateHandler { get; set; }

    /// <summary>The scopes to follow from the start.</summary>
    internal IEnumerable<ModuleScope> Scopes => Workspaces.Select(ModuleScope.Workspace).Concat(Orgs.Select(ModuleScope.Org)).Distinct();

    /// <summary>Everything that is wrong with the settings, each with its name.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{nameof(Address)} must be an absolute http or https address, got '{Address}'";
        }
        else if (Address.UserInfo.Length > 0)
        {
            yield return $"{nameof(Address)} must name no user and password, which would go into logs; use {nameof(Token)} or {nameof(FetchToken)}";
        }

        if (Token is not null && !TokenSource.IsValid(Token))
        {
            yield return $"{nameof(Token)} must be of visible ASCII characters";
        }

        foreach (var id in Workspaces.Concat(Orgs).Where(id => !ModuleScope.IsValidId(id)))
        {
            yield return $"{nameof(Workspaces)} and {nameof(Orgs)} take ids of 1 to {ModuleScope.MaxIdLength} letters, digits, '.', '_' or '-', got '{id}'";
        }

        if (MaxScopes is < 1 or > 100_000)
        {
            yield return $"{nameof(MaxScopes)} must be 1 to 100000, got {MaxScopes}";
        }
        else if (Workspaces.Distinct(StringComparer.Ordinal).Count() + Orgs.Distinct(StringComparer.Ordinal).Count() is var scopes && scopes > MaxScopes)
        {
            yield return $"{nameof(MaxScopes)} is {MaxScopes}, but {scopes} scopes are to be followed from the start";
        }

        if (MaxMapBytes is < 1024 or > 1 << 30)
        {
            yield return $"{nameof(MaxMapBytes)} must be 1024 to {1 << 30}, got {MaxMapBytes}";
        }

        foreach (var (name, value, min, max) in Ranges().Where(r => r.Value < r.Min || r.Value > r.Max))
        {
            yield return $"{name} must be {min:c} to {max:c}, got {value:c}";
        }
    }

    private IEnumerable<(string Name, TimeSpan Value, TimeSpan Min, TimeSpan Max)> Ranges() =>
    [
        (nameof(StaleAfter), StaleAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        (nameof(StreamSilence), StreamSilence, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        (nameof(RequestTimeout), RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        (nameof(MinRetryDelay), MinRetryDelay, TimeSpan.FromMilliseconds(10), MaxRetryDelay),
        (nameof(MaxRetryDelay), MaxRetryDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        (nameof(FirstMapPatience), FirstMapPatience, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        (nameof(StartPatience), StartPatience, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
    ];
}
