using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansModules.Api.Tests.Requests;

/// <summary>Makes requests of which each has at least one fault that no operation takes, among others that may be none.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
internal sealed partial class Malformed(Random random)
{
    private static readonly string[] Ids = ["w1", "acme", "kb", "nobody", "-", "%00", "%2e%2e", "a%2Fb", "%ff", "%F0%9F%98%80", "a'%20or%201=1--", "%25", "999999999999999999999", "UP", "a;b", "%3Cscript%3E"];
    private static readonly string[] Queries = ["atLeast=x", "limit=-1", "limit=99999999999999999999", "after=%00", "asOf=9e99", "asOf=-1", "scope=org/%ff", "at=0000", "atLeast=s1&atLeast=s2", "a[]=1", "=", "&&", "%", "orgId=%2e%2e", "from=x&to=y"];

    private static readonly string[] Bodies =
    [
        "", "{", "}", "[]", "null", "7", "\"a\"", "{\"a\":1,\"a\":2}", "{\"name\":\"\\ud800\"}", "{} {}", "{}x", "{\"a\":NaN}", "{\"a\":1e999999}", "{'a':1}", "{\"isEnabled\":\"yes\"}", "{\"name\":{}}",
        "{\"orgId\":7}", "{\"config\":[]}", "{\"__proto__\":{}}", "{\"role\":\"god\"}", "{\"workspaceIds\":[null]}", "{\"workspaceIds\":{}}", "/**/{}", "{\"a\":\"\u0000\"}", "\uFEFF{}", "{\"dependencies\":[[[[]]]]}",
    ];

    private static readonly (string, string)[] Headers =
    [
        ("If-Match", "x"), ("If-Match", "\"999\""), ("If-None-Match", "W/"), ("Idempotency-Key", "a b"), ("X-Actor", new string('a', 300)), ("X-Actor", "\u00e9"), ("Accept", "text/html"), ("Accept", ";;q=9"),
        ("Accept-Encoding", "gzip;q=x"), ("Authorization", "Basic eDp5"), ("Authorization", "Bearer "), ("Authorization", "Bearer a.b.c"), ("Authorization", "Bearer omt_x.y.z"), ("X-API-Key", "x"), ("Origin", "null"),
        ("Last-Event-ID", "s-1"), ("Range", "bytes=9-1"), ("Content-Encoding", "br"), ("Expect", "200-maybe"), ("traceparent", "00-x"), ("Prefer", "return=?"), ("Cookie", "=;=;"), ("X-Forwarded-For", "::::"),
    ];

    private static readonly string[] Types = ["application/json", "application/merge-patch+json", "text/plain", "application/xml", "application/json; charset=utf-16", "x", "", "multipart/form-data; boundary=", "application/x-www-form-urlencoded"];
    private static readonly string[] Methods = ["TRACE", "OPTIONS", "BREW", "PROPFIND", "get"];

    /// <summary>Makes a request.</summary>
    public HttpRequestMessage Make(string method, string path)
    {
        var address = Placeholder().Replace(path, _ => Uri(Pick(Ids)));
        var bodyIsBad = false;
        var query = "nope=" + random.Next();
        switch (random.Next(6))
        {
            case 0:
                address += Pick(["/", "//", "/%00", "/../..", "/.%2e/", "/%ff", ";x=1", "/a/b/c/d/e"]) + "x/y/z";
                break;
            case 1:
                method = Pick(Methods);
                break;
            default:
                bodyIsBad = true;
                break;
        }

        var request = new HttpRequestMessage(new HttpMethod(method), $"{address}?{query}&{Pick(Queries)}{(random.Next(50) == 0 ? "&x=" + new string('q', 3000) : "")}");
        foreach (var _ in Enumerable.Range(0, random.Next(3)))
        {
            var (name, value) = Pick(Headers);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (bodyIsBad || random.Next(2) == 0)
        {
            request.Content = new ByteArrayContent(Body());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(3) == 0 ? Pick(Types) : Types[random.Next(2)]);
        }

        return request;
    }

    private byte[] Body()
    {
        var text = Encoding.UTF8.GetBytes(Pick(Bodies));
        switch (random.Next(5))
        {
            case 0:
                var noise = new byte[random.Next(200)];
                random.NextBytes(noise);
                return noise;
            case 1 when text.Length > 0:
                text[random.Next(text.Length)] = (byte)random.Next(256);
                return text;
            case 2:
                return Encoding.ASCII.GetBytes(new string('[', random.Next(1, 2000)));
            default:
                return text;
        }
    }

    private static string Uri(string id) => id.Replace("'", "%27", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal);

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    [GeneratedRegex(@"\{\w+\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
