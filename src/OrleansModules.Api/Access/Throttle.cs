using System.Net;
using OrleansModules.Api.Problems;

namespace OrleansModules.Api.Access;

/// <summary>Holds up who sends bad credentials, and who asks more often than is allowed.</summary>
internal sealed class Throttle(ThrottleOptions options, TimeProvider time)
{
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

    /// <summary>Whether a client's address sent too many bad credentials.</summary>
    /// <param name="context">The request.</param>
    /// <param name="seconds">After how many seconds it may try again.</param>
    public bool IsHeldUp(HttpContext context, out int seconds) => _failures.IsEmpty(ClientOf(context), out seconds);

    /// <summary>Counts a bad credential.</summary>
    public void CountFailure(HttpContext context) => _failures.TryTake(ClientOf(context), out _);

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
