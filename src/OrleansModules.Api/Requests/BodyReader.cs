using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Faults;

namespace OrleansModules.Api.Requests;

/// <summary>Reads request bodies strictly: size, media type, UTF-8, depth, no key twice, nothing behind the value.</summary>
internal sealed class BodyReader(ApiOptions options)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JsonDocumentOptions _json = new() { AllowDuplicateProperties = false, MaxDepth = options.MaxJsonDepth };

    /// <summary>Reads a body.</summary>
    /// <returns>Null where there is none, or it is faulty. The caller disposes it.</returns>
    /// <exception cref="ApiException">It is too large, or of another media type.</exception>
    public async Task<JsonDocument?> ReadAsync(HttpContext context, BodyKind kind, List<Fault> faults)
    {
        var bytes = await ReadBytesAsync(context);
        if (kind == BodyKind.None)
        {
            if (bytes.Length > 0)
            {
                faults.Add(new Fault(FaultCodes.InvalidJson, "", "This request takes no body."));
            }

            return null;
        }

        RequireMediaType(context.Request.ContentType, kind);
        if (bytes.Length == 0)
        {
            faults.Add(new Fault(FaultCodes.InvalidJson, "", "A JSON body is required."));
            return null;
        }

        try
        {
            Strict.GetCharCount(bytes);
            var document = JsonDocument.Parse(bytes, _json);
            CheckText(document.RootElement);
            return document;
        }
        catch (JsonException e)
        {
            faults.Add(new Fault(FaultCodes.InvalidJson, "", $"The body is not the JSON this service takes: {e.Message}"));
        }
        catch (Exception e) when (e is DecoderFallbackException or InvalidOperationException)
        {
            faults.Add(new Fault(FaultCodes.InvalidJson, "", "The body is not valid UTF-8, or has half a surrogate pair."));
        }

        return null;
    }

    /// <summary>The body as it was sent, for the fingerprint of a request. Empty before it was read.</summary>
    public static ReadOnlyMemory<byte> SentBytes(HttpContext context) => context.Items.TryGetValue(typeof(BodyReader), out var bytes) ? (byte[])bytes! : ReadOnlyMemory<byte>.Empty;

    private async Task<byte[]> ReadBytesAsync(HttpContext context)
    {
        if (context.Request.ContentLength > options.MaxBodyBytes)
        {
            throw TooLarge();
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > options.MaxBodyBytes)
            {
                reader.AdvanceTo(read.Buffer.End); // whoever reads on, to throw the rest away, must not find a read under way
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                context.Items[typeof(BodyReader)] = bytes;
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private ApiException TooLarge() => new(new ApiProblem(StatusCodes.Status413PayloadTooLarge, ApiCodes.BodyTooLarge, $"A body may have {options.MaxBodyBytes} bytes."));

    // A string may be well-formed JSON and still no text: "\ud800". Reading it throws.
    private static void CheckText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    CheckText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    CheckText(member.Value);
                }

                break;
        }
    }

    private static void RequireMediaType(string? contentType, BodyKind kind)
    {
        var accepted = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (kind == BodyKind.MergePatch
                    ? type.MediaType.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase)
                    : type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) && !type.MediaType.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase)));
        if (!accepted)
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status415UnsupportedMediaType, ApiCodes.UnsupportedMediaType, kind == BodyKind.MergePatch
                ? $"The body must be application/merge-patch+json or application/json, not '{contentType}'."
                : $"The body must be application/json, not '{contentType}'."));
        }
    }
}
