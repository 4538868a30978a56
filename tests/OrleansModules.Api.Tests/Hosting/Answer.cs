using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>An answer, read whole.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Bytes">The body as it was sent.</param>
/// <param name="Message">Headers.</param>
internal sealed record Answer(int Status, byte[] Bytes, HttpResponseMessage Message)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Bytes)!;

    /// <summary>A member of the body as text.</summary>
    public string? this[string member] => Json[member] is JsonValue value ? value.ToString() : Json[member]?.ToJsonString();

    /// <summary>The entity tag, quotes included; null where there is none.</summary>
    public string? ETag => Message.Headers.ETag?.ToString();

    /// <summary>Headers of the answer.</summary>
    public HttpResponseHeaders Headers => Message.Headers;

    /// <summary>Headers of the body.</summary>
    public HttpContentHeaders Content => Message.Content.Headers;

    /// <summary>Asserts the status.</summary>
    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>Asserts that this is a problem with all its fields.</summary>
    public Answer IsProblem(int status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", Content.ContentType?.ToString());
        Assert.Equal(code, this["code"]);
        Assert.Equal("urn:orleansmodules:problem:" + code, this["type"]);
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), this["status"]);
        Assert.False(string.IsNullOrEmpty(this["title"]));
        Assert.False(string.IsNullOrEmpty(this["detail"]));
        Assert.False(string.IsNullOrEmpty(this["traceId"]));
        Assert.Equal(Uri.UnescapeDataString(Message.RequestMessage!.RequestUri!.AbsolutePath), this["instance"]);
        return this;
    }

    /// <summary>The faults of a problem as "code pointer", in the order they are listed.</summary>
    public string[] Faults => [.. Json["errors"]!.AsArray().Select(e => $"{e!["code"]} {e["pointer"]}".TrimEnd())];

    /// <summary>Strings of an array in the body.</summary>
    public string[] Strings(string member) => [.. Json[member]!.AsArray().Select(n => n!.GetValue<string>())];

    /// <summary>A module of a map or registry list.</summary>
    public JsonNode Module(string name) => Json["modules"]!.AsArray().Single(m => string.Equals((string?)m!["name"], name, StringComparison.Ordinal))!;
}
