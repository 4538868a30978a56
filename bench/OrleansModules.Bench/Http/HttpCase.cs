namespace OrleansModules.Bench.Http;

/// <summary>One kind of request.</summary>
/// <param name="What">Its name in the result.</param>
/// <param name="Path">Its path.</param>
/// <param name="Target">The part of the yardstick's rate it has to reach; null is only reported.</param>
/// <param name="Encoding">What it accepts; null sends no <c>Accept-Encoding</c>.</param>
/// <param name="IsRevalidation">Whether it sends the ETag and gets 304.</param>
/// <param name="Json">The body it posts; null gets.</param>
internal sealed record HttpCase(string What, string Path, double? Target, string? Encoding = null, bool IsRevalidation = false, string? Json = null)
{
    /// <summary>The request's own headers.</summary>
    /// <param name="etag">The entity tag, quotes included.</param>
    public IEnumerable<string> Headers(string? etag)
    {
        if (Encoding is not null)
        {
            yield return $"Accept-Encoding: {Encoding}";
        }

        if (IsRevalidation)
        {
            yield return $"If-None-Match: {etag}";
        }
    }
}
