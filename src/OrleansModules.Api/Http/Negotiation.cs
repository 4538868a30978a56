using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansModules.Core.Bodies;

namespace OrleansModules.Api.Http;

/// <summary>What the client can read (RFC 9110, 12.5).</summary>
internal static class Negotiation
{
    private const double NotNamed = -1;

    /// <summary>Whether the client takes a media type of two words such as <c>application/json</c>.</summary>
    public static bool Takes(StringValues accept, string mediaType)
    {
        if (accept.Count == 0 || (accept.Count == 1 && (accept[0] is "*/*" or "" || string.Equals(accept[0], mediaType, StringComparison.OrdinalIgnoreCase))))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return false;
        }

        var wanted = new MediaTypeHeaderValue(mediaType);
        var best = ranges.Where(r => wanted.IsSubsetOf(Bare(r))).MaxBy(r => (r.MatchesAllTypes ? 0 : r.MatchesAllSubTypes ? 1 : 2));
        return best is not null && (best.Quality ?? 1) > 0;
    }

    /// <summary>The coding to answer in: the one preferred, brotli before gzip before identity where it is all the same.</summary>
    /// <param name="acceptEncoding">The header.</param>
    /// <param name="coding">The coding.</param>
    /// <returns>False where the client takes none of them.</returns>
    public static bool TryPickCoding(StringValues acceptEncoding, out ContentCoding coding)
    {
        coding = ContentCoding.Identity;
        if (acceptEncoding.Count == 0)
        {
            return true;
        }

        if (acceptEncoding.Count == 1)
        {
            switch (acceptEncoding[0])
            {
                case "gzip, deflate, br, zstd" or "gzip, deflate, br" or "br":
                    coding = ContentCoding.Brotli;
                    return true;
                case "gzip" or "gzip, deflate":
                    coding = ContentCoding.Gzip;
                    return true;
                case "identity" or "":
                    return true;
            }
        }

        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var list))
        {
            return true; // a header nobody can read is no reason to refuse (RFC 9110, 12.5.3 leaves it open)
        }

        var rest = QualityOf(list, "*", NotNamed);
        var brotli = QualityOf(list, "br", Math.Max(rest, 0));
        var gzip = QualityOf(list, "gzip", Math.Max(rest, 0));
        var identity = QualityOf(list, "identity", rest >= 0 ? rest : double.Epsilon);
        var best = Math.Max(brotli, Math.Max(gzip, identity));
        coding = brotli == best ? ContentCoding.Brotli : gzip == best ? ContentCoding.Gzip : ContentCoding.Identity;
        return best > 0;
    }

    /// <summary>Whether the client takes an answer in no coding at all, preferred or not.</summary>
    public static bool TakesPlain(StringValues acceptEncoding) =>
        !acceptEncoding.ToString().Contains("q=0", StringComparison.OrdinalIgnoreCase) // nothing is refused
        || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var list)
        || QualityOf(list, "identity", Math.Abs(QualityOf(list, "*", NotNamed))) > 0;

    private static double QualityOf(IList<StringWithQualityHeaderValue> list, string coding, double otherwise) =>
        list.FirstOrDefault(v => v.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) is { } given ? given.Quality ?? 1 : otherwise;

    private static MediaTypeHeaderValue Bare(MediaTypeHeaderValue range) => new(range.MediaType);
}
