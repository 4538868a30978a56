using OrleansModules.Bench.Processes;

namespace OrleansModules.Bench.Http;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">Headers in the order they came.</param>
/// <param name="Body">The body, still encoded.</param>
internal sealed record HttpAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    // What every server writes by itself.
    private static readonly string[] Own = ["Date", "Content-Length", "Transfer-Encoding", "Connection", "Server"];
    private static readonly string[] OfBody = ["Content-Type", "Content-Encoding", "ETag"];

    /// <summary>The value of a header; null where it is not there.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Headers that a bare server has to send too.</summary>
    /// <param name="all">Every header; otherwise only those that describe the body.</param>
    public IEnumerable<string> ToRepeat(bool all) => Headers
        .Where(h => all ? !Own.Contains(h.Key, StringComparer.OrdinalIgnoreCase) : OfBody.Contains(h.Key, StringComparer.OrdinalIgnoreCase))
        .Select(h => $"{h.Key}: {h.Value}");

    /// <summary>Asks once.</summary>
    /// <param name="server">Who is asked.</param>
    /// <param name="one">What for.</param>
    /// <param name="headers">Headers of the request.</param>
    public static async Task<HttpAnswer> AskAsync(HttpProcess server, HttpCase one, IEnumerable<string> headers)
    {
        using var request = new HttpRequestMessage(one.Json is null ? HttpMethod.Get : HttpMethod.Post, new Uri(one.Path, UriKind.Relative));
        if (one.Json is { } json)
        {
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        }

        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }

        using var answer = await server.Client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var received = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated).Select(h => KeyValuePair.Create(h.Key, string.Join(", ", h.Value)));
        return new HttpAnswer((int)answer.StatusCode, [.. received], body);
    }
}
