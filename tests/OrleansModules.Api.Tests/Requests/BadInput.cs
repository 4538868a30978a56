using System.Text;

namespace OrleansModules.Api.Tests.Requests;

/// <summary>Bad requests with the answer that each has to get.</summary>
internal static class BadInput
{
    private const string Register = "POST /api/platform/modules";
    private const string Definition = "PUT /api/platform/modules/kb";
    private const string DefinitionPatch = "PATCH /api/platform/modules/kb";
    private const string Org = "PUT /api/platform/orgs/acme";
    private const string Workspace = "PUT /api/platform/workspaces/w1";
    private const string OrgOverride = "PUT /api/platform/orgs/acme/modules/kb";
    private const string OrgPatch = "PATCH /api/platform/orgs/acme/modules/kb";
    private const string WsOverride = "PUT /api/platform/workspaces/w1/modules/kb";
    private const string WsPatch = "PATCH /api/platform/workspaces/w1/modules/kb";
    private const string Batch = "POST /api/platform/batch";
    private const string Usage = "POST /api/platform/usage";
    private const string AliasOverride = "PUT /admin/org/mgmt/modules/kb?orgId=acme";

    private static readonly string[] WithBody = [Register, Definition, DefinitionPatch, Org, Workspace, OrgOverride, OrgPatch, WsOverride, WsPatch, Batch, Usage, AliasOverride];

    private static readonly string[] WithoutBody =
    [
        "DELETE /api/platform/modules/kb", "POST /api/platform/modules/kb/enable", "POST /api/platform/modules/kb/disable", "DELETE /api/platform/orgs/empty", "DELETE /api/platform/workspaces/w1",
        "DELETE /api/platform/orgs/acme/modules/kb", "DELETE /api/platform/workspaces/w1/modules/kb", "POST /api/platform/history/0/restore", "POST /api/platform/workspaces/w1/history/0/restore",
        "POST /api/platform/orgs/acme/modules/kb/history/0/restore",
    ];

    /// <summary>Route, body, status, code, every fault.</summary>
    public static IEnumerable<(string Route, byte[]? Body, int Status, string Code, string[] Faults)> All() => Everywhere().Concat(Special());

    private static IEnumerable<(string Route, byte[]? Body, int Status, string Code, string[] Faults)> Everywhere()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"configOverrides":""", 40)) + "1" + new string('}', 40);
        foreach (var route in WithBody)
        {
            foreach (var broken in new[]
            {
                "", " ", "{", "nul", "{\"a\":1,}", "{} x", "{}{}", "{} // more", "'a'", "{\"configOverrides\":{\"a\":1,\"a\":2}}", "{\"name\":\"a\",\"\\u006eame\":\"b\"}", deep, "{\"a\":NaN}", "\uFEFF{}",
                "{\"name\":\"\\ud800\"}", "{\"\\udc00\":1}", "{\"configOverrides\":{\"\\ud800\":1}}", "{\"configOverrides\":{\"a\":[\"x\\udfff\"]}}", "{\"a\":01}",
            })
            {
                yield return (route, Encoding.UTF8.GetBytes(broken), 400, "invalid-json", ["invalid-json"]);
            }

            yield return (route, [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8], 400, "invalid-json", ["invalid-json"]);
            yield return (route, [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], 400, "invalid-json", ["invalid-json"]);
            yield return (route, [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0], 400, "invalid-json", ["invalid-json"]);
            foreach (var other in new[] { "null", "1", "\"text\"", "true", "[]", "[{}]" })
            {
                yield return (route, Encoding.UTF8.GetBytes(other), 400, "not-an-object", ["not-an-object"]);
            }

            var unknown = route.Contains('?', StringComparison.Ordinal) ? route + "&nope=1" : route + "?nope=1";
            yield return (unknown, "["u8.ToArray(), 400, "validation-failed", ["invalid-parameter nope", "invalid-json"]);
        }

        foreach (var route in WithoutBody)
        {
            yield return (route, "{}"u8.ToArray(), 400, "invalid-json", ["invalid-json"]);
            yield return (route + "?force=yes&x=1", null, 400, "validation-failed", ["invalid-parameter x", "invalid-parameter force"]);
            yield return (route + "?force=true&force=true", null, 400, "invalid-parameter", ["invalid-parameter force"]);
        }
    }

    private static IEnumerable<(string Route, byte[]? Body, int Status, string Code, string[] Faults)> Special()
    {
        foreach (var (route, body, status, code, faults) in new (string, string?, int, string, string[])[]
        {
            (Register, "{}", 400, "missing-field", ["missing-field /name"]),
            (Register, """{"name":"-x"}""", 400, "invalid-module-name", ["invalid-module-name /name"]),
            (Register, """{"name":7,"tier":"1","isEnabled":"yes","version":"1","type":"Core","what":1}""", 400, "validation-failed",
                ["unknown-field /what", "invalid-module-name /name", "invalid-value /type", "invalid-value /tier", "invalid-value /version", "invalid-value /isEnabled"]),
            (Register, """{"name":"a","config":[],"featureFlags":{"f":1,"g":null,"h/~":"x"},"navConfig":{"order":"1","children":[1]},"requiredPermissions":["",1],"dependencies":["a",1,{"range":"one"}]}""", 400, "validation-failed",
                ["not-an-object /config", "flag-not-boolean /featureFlags/f", "flag-not-boolean /featureFlags/g", "flag-not-boolean /featureFlags/h~1~0", "invalid-value /dependencies/0", "not-an-object /dependencies/1", "missing-field /dependencies/2/name", "invalid-value /dependencies/2/range", "invalid-value /requiredPermissions/0", "invalid-value /requiredPermissions/1", "invalid-value /navConfig/order", "not-an-object /navConfig/children/0"]),
            ("PUT /api/platform/modules/Bad_Name", """{"tier":9}""", 400, "validation-failed", ["invalid-module-name name", "invalid-value /tier"]),
            ("PATCH /api/platform/modules/Bad_Name", "[]", 400, "validation-failed", ["invalid-module-name name", "not-an-object"]),
            ("PATCH /api/platform/modules/nobody", "{}", 404, "module-not-found", ["module-not-found"]),
            (DefinitionPatch, """{"tier":9,"x":1,"name":"other"}""", 400, "validation-failed", ["unknown-field /x", "module-name-fixed /name", "invalid-value /tier"]),
            (Org, """{"name":"","x":1}""", 400, "validation-failed", ["unknown-field /x", "invalid-value /name"]),
            (Workspace, """{"name":[],"orgId":"a/b"}""", 400, "validation-failed", ["invalid-id /orgId", "invalid-value /name"]),
            ("PUT /api/platform/orgs/-a", """{"name":1}""", 400, "validation-failed", ["invalid-id id", "invalid-value /name"]),
            ("PUT /api/platform/orgs/" + new string('a', 65), "{}", 400, "invalid-id", ["invalid-id id"]),
            ("PUT /api/platform/workspaces/a%20b/modules/UP?force=1", """{"isEnabled":0}""", 400, "validation-failed", ["invalid-id id", "invalid-parameter force", "invalid-module-name name", "invalid-value /isEnabled"]),
            (OrgOverride, """{"isEnabled":"true","configOverrides":[],"featureFlagOverrides":{"a":"true","b":{}},"enabled":true}""", 400, "validation-failed",
                ["unknown-field /enabled", "invalid-value /isEnabled", "not-an-object /configOverrides", "flag-not-boolean /featureFlagOverrides/a", "flag-not-boolean /featureFlagOverrides/b"]),
            (WsOverride, """{"configOverrides":null,"featureFlagOverrides":[true]}""", 400, "validation-failed", ["not-an-object /configOverrides", "not-an-object /featureFlagOverrides"]),
            (WsPatch, """{"isEnabled":1,"configOverrides":[],"featureFlagOverrides":{"a":2},"x":3}""", 400, "validation-failed",
                ["unknown-field /x", "invalid-value /isEnabled", "not-an-object /configOverrides", "flag-not-boolean /featureFlagOverrides/a"]),
            ("PUT /api/platform/workspaces/w1/modules/nobody", """{"isEnabled":false}""", 404, "module-not-found", ["module-not-found"]),
            ("PATCH /api/platform/orgs/acme/modules/nobody", "{}", 404, "module-not-found", ["module-not-found"]),
            ("DELETE /api/platform/orgs/acme/modules/nobody", null, 404, "module-not-found", ["module-not-found"]),
            ("POST /api/platform/modules/nobody/enable", null, 404, "module-not-found", ["module-not-found"]),
            ("POST /api/platform/modules/A/disable", null, 400, "invalid-module-name", ["invalid-module-name name"]),
            ("POST /api/platform/workspaces/w1/history/-1/restore", null, 400, "invalid-parameter", ["invalid-parameter revision"]),
            ("POST /api/platform/workspaces/w1/history/99999999999999999999/restore", null, 400, "invalid-parameter", ["invalid-parameter revision"]),
            ("POST /api/platform/workspaces/w1/history/9223372036854775807/restore", null, 404, "revision-not-found", ["revision-not-found"]),
            (Batch, "{}", 400, "missing-field", ["missing-field /workspaces"]),
            (Batch, """{"workspaces":["a b",1,"w1"],"view":"all","x":1}""", 400, "validation-failed", ["unknown-field /x", "invalid-id /workspaces/0", "invalid-id /workspaces/1", "invalid-value /view"]),
            (Batch, """{"workspaces":"w1"}""", 400, "invalid-value", ["invalid-value /workspaces"]),
            (Batch, $$"""{"workspaces":[{{string.Join(',', Enumerable.Repeat("\"w1\"", 1001))}}]}""", 400, "invalid-value", ["invalid-value /workspaces"]),
        })
        {
            yield return (route, body is null ? null : Encoding.UTF8.GetBytes(body), status, code, faults);
        }
    }
}
