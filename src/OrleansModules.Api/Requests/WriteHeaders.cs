using System.Security.Cryptography;
using System.Text;
using OrleansModules.Api.Http;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Requests;

/// <summary>What the headers of a write say.</summary>
/// <param name="IfRevision">The revision it was based on; null for none.</param>
/// <param name="IfEpoch">The epoch it was based on; null for none.</param>
/// <param name="OperationId">The idempotency key; null for none.</param>
/// <param name="Actor">Who asks. Not verified while there is no access control.</param>
/// <param name="Reason">Why; null when not said.</param>
internal sealed record WriteHeaders(long? IfRevision, int? IfEpoch, string? OperationId, string Actor, string? Reason)
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Reads the headers.</summary>
    public static WriteHeaders Read(HttpContext context, ScopeKind kind, List<Fault> faults)
    {
        long? revision = null;
        int? epoch = null;
        var headers = context.Request.Headers;
        if (headers.IfMatch.Count > 0 && !EntityTag.TryReadRevision(headers.IfMatch.ToString(), kind, out revision, out epoch))
        {
            faults.Add(new Fault(ApiCodes.InvalidHeader, "If-Match", $"'If-Match' must be the entity tag of this scope such as {Example(kind)}, its bare revision in quotes, or *."));
        }

        return new WriteHeaders(
            revision,
            epoch,
            Text(headers, IdempotencyKey, 255, c => c is > ' ' and <= '~', faults),
            Text(headers, "X-Actor", 200, c => !char.IsControl(c), faults) ?? "anonymous",
            Text(headers, "X-Change-Reason", 1000, c => !char.IsControl(c), faults) is { } reason ? Decode(reason) : null);
    }

    /// <summary>A digest of everything that makes a request what it is, so that a key used for another one is noticed.</summary>
    public static string Fingerprint(HttpContext context)
    {
        var request = context.Request;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}\n{request.QueryString}\n{request.Headers.IfMatch}\n{request.ContentType}\n"));
        hash.AppendData(BodyReader.SentBytes(context).Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string? Text(IHeaderDictionary headers, string name, int maxLength, Func<char, bool> accepted, List<Fault> faults)
    {
        if (!headers.TryGetValue(name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (values.Count == 1 && text.Length > 0 && text.Length <= maxLength && text.All(accepted))
        {
            return text;
        }

        faults.Add(new Fault(ApiCodes.InvalidHeader, name, $"'{name}' must be given once, with 1 to {maxLength} printable characters."));
        return null;
    }

    // Header values are bytes of ASCII: other letters come percent-encoded.
    private static string Decode(string reason)
    {
        var decoded = Uri.UnescapeDataString(reason);
        return decoded.Any(char.IsControl) ? reason : decoded;
    }

    private static string Example(ScopeKind kind) => kind switch
    {
        ScopeKind.System => "\"s12\"",
        ScopeKind.Org => "\"s12.o5\"",
        _ => "\"s12.o5.w3\"",
    };
}
