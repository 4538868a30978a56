using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OrleansModules.Client.Http;

/// <summary>Tells from an answer of the service whether it is one, and what is wrong where not.</summary>
internal static class ServiceAnswer
{
    private const int MaxProblemBytes = 64 << 10;

    /// <summary>Makes the exception for an answer that is no success.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time, for a <c>Retry-After</c> that is a date.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Exception> RefusedAsync(HttpResponseMessage answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (code, detail) = await ReadProblemAsync(answer, cancellationToken);
        var status = (int)answer.StatusCode;
        var message = code is null ? $"The service answered {status}." : $"The service answered {status} {code}: {detail}";
        if (code is "workspace-not-found" or "org-not-found")
        {
            return new ScopeNotFoundException(message);
        }

        return new ServiceException(ProblemOf(answer.StatusCode, code), message, RetryAfter(answer, now));
    }

    /// <summary>Throws unless the body is of a media type: a portal or proxy may answer 200 with a page of its own.</summary>
    /// <exception cref="ServiceException">It is not.</exception>
    public static void RequireType(HttpResponseMessage answer, string mediaType)
    {
        if (!string.Equals(answer.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase))
        {
            throw new ServiceException(CopyProblem.BadAnswer, $"Expected {mediaType} from {answer.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)}, got '{answer.Content.Headers.ContentType}'.");
        }
    }

    /// <summary>How old an answer may be, where the node says that its store did not confirm it for too long; else null.</summary>
    public static TimeSpan? StaleFor(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Modules-Stale-For", out var values) && uint.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Reads a body that must not be larger than a number of bytes.</summary>
    /// <returns>The bytes; null where there are more.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[content.Headers.ContentLength ?? Math.Min(maxBytes, 16 << 10)];
        var length = 0;
        while (true)
        {
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(Math.Max(1024, bytes.Length * 2L), maxBytes + 1L));
            }

            var read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            length += read;
            if (length > maxBytes)
            {
                return null;
            }

            if (read == 0)
            {
                return bytes.AsMemory(0, length);
            }
        }
    }

    private static CopyProblem ProblemOf(HttpStatusCode status, string? code) => status switch
    {
        HttpStatusCode.Unauthorized => CopyProblem.Unauthorized,
        HttpStatusCode.Forbidden => CopyProblem.Forbidden,
        HttpStatusCode.TooManyRequests => CopyProblem.Throttled,
        _ when code is "version-not-reached" => CopyProblem.Behind,
        >= HttpStatusCode.InternalServerError => CopyProblem.Unavailable,
        _ => CopyProblem.BadAnswer,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage answer, DateTimeOffset now)
    {
        var header = answer.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - now);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static async Task<(string? Code, string? Detail)> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not "application/problem+json" || await ReadAsync(answer.Content, MaxProblemBytes, cancellationToken) is not { } body)
        {
            return default;
        }

        try
        {
            var problem = JsonSerializer.Deserialize<Problem>(body.Span, JsonSerializerOptions.Web);
            return (problem?.Code, problem?.Detail);
        }
        catch (JsonException)
        {
            return default; // the status says enough
        }
    }

    private sealed record Problem(string? Code, string? Detail);
}
