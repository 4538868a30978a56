using System.Net;
using OrleansModules.Api.Problems;

namespace OrleansModules.Api.Access;

/// <summary>Holds up who sends bad credentials, and who asks more often than is allowed.</summary>
internal sealed class Throttle(ThrottleOptions options, TimeProvider time)
{
    // Of one address that is held up: enough for the people behind it, and little work for the server.
    private const int ChecksPerSecond = 100;

    private static readonly TimeSpan WrittenDownEvery = TimeSpan.FromMinutes(1);

    private readonly Buckets _checks = new(ChecksPerSecond, ChecksPerSecond, time);
    private readonly RefusalWindows _refusals = new(WrittenDownEvery, time);
    private readonly Buckets _failures = new(options.FailedSignInsPerMinute / 60.0, options.FailedSignInsPerMinute, time);
    private readonly Buckets? _requests = options.RequestsPerSecond == 0 ? null : new Buckets(options.RequestsPerSecond, options.RequestBurst, time);

    /// <summary>Whether a principal may make one more request now, which is counted.</summary>
    /// <param name="principal">Who; nobody is not counted.</param>
    /// <param name="seconds">Where not: after how many seconds it may.</param>
    public bool Admits(Principal principal, out int seconds)
    {
        seconds = 0;
        return _requests is null || principal.Kind == PrincipalKind.Nobody || _requests.TryTake(principal.Subject, out seconds);
    }

    /// <summary>Whether a client's address sent so many bad credentials that this one is not even looked at.</summary>
    /// <param name="context">The request.</param>
    /// <param name="form">What its credential is by its form. Good ones of an address that is held up get through, as far as looking at them is cheap.</param>
    /// <param name="seconds">After how many seconds any may try again.</param>
    public bool IsHeldUp(HttpContext context, Func<HttpContext, CredentialForm> form, out int seconds) =>
        _failures.IsEmpty(ClientOf(context), out seconds) && form(context) switch
        {
            CredentialForm.None or CredentialForm.OwnToken => false,
            CredentialForm.ProviderToken => !_checks.TryTake(ClientOf(context), out _),
            _ => true,
        };

    /// <summary>Counts a bad credential.</summary>
    /// <param name="context">The request.</param>
    /// <param name="seconds">Where the client's address sent too many: after how many seconds it may try again.</param>
    /// <returns>False where it sent too many.</returns>
    public bool TryCountFailure(HttpContext context, out int seconds) => _failures.TryTake(ClientOf(context), out seconds);

    /// <summary>Whether a request that is held up is written down, which one a minute is of each address and of each principal.</summary>
    /// <param name="context">The request.</param>
    /// <param name="principal">Who; nobody counts by address.</param>
    /// <param name="repeats">How many were not, since the last that was.</param>
    public bool IsWrittenDown(HttpContext context, Principal principal, out long repeats) =>
        _refusals.IsFirst(principal.Kind == PrincipalKind.Nobody ? ClientOf(context) : principal.Subject, out repeats);

    /// <summary>The answer to who is held up.</summary>
    public static ApiProblem Problem(int seconds) =>
        new(StatusCodes.Status429TooManyRequests, ApiCodes.TooManyRequests, $"Too many requests: wait {seconds} seconds.") { RetryAfter = seconds };

    // Of IPv6 the network only: whoever has one address has all of it.
    private static string ClientOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).ToString() : address.ToString();
    }
}
