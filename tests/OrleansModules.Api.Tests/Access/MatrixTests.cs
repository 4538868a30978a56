using System.Text.RegularExpressions;
using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.Access;

/// <summary>Every operation of the OpenAPI document, by every role, in its own scope and in those of others.</summary>
[Requirement("B20", "Centralised authorization: one gate in front of all routes")]
public sealed partial class MatrixTests
{
    private static readonly ScopeId Acme = ScopeId.Org("acme");
    private static readonly ScopeId Own = ScopeId.Workspace("own");

    // Places of requests: own, a sibling below the same organization, another tenant's, and what does not exist.
    private static readonly ScopeId[] Places =
    [
        ScopeId.System, Acme, ScopeId.Org("other"), ScopeId.Org("nobody"), Own, ScopeId.Workspace("sibling"), ScopeId.Workspace("foreign"), ScopeId.Workspace("nobody"),
    ];

    private static readonly (ScopeRole Role, ScopeId Scope)[] Holders =
    [
        (ScopeRole.SysOwner, ScopeId.System), (ScopeRole.SysAdmin, ScopeId.System), (ScopeRole.Operator, ScopeId.System), (ScopeRole.Shell, ScopeId.System),
        (ScopeRole.OrgOwner, Acme), (ScopeRole.OrgAdmin, Acme), (ScopeRole.OrgUser, Acme), (ScopeRole.Shell, Acme),
        (ScopeRole.WsOwner, Own), (ScopeRole.WsAdmin, Own), (ScopeRole.WsUser, Own), (ScopeRole.Shell, Own),
    ];

    [Fact]
    public void Rules_in_code_are_those_of_the_documentation()
    {
        var documented = RuleTable.Read();
        var actions = Enum.GetValues<AccessAction>().Except([AccessAction.Public, AccessAction.SignIn]).ToDictionary(AuditTrail.Word, StringComparer.Ordinal);
        Assert.Equal(actions.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(actions, a => Assert.Equal(documented[a.Key].Order(), AccessRules.Allowed(a.Value).Roles.Order()));
    }

    [Fact]
    public async Task Every_operation_lets_through_whom_the_table_says_and_nobody_else()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync("acme", "own");
        await api.ScopesAsync("other", "foreign");
        (await api.PutAsync("/api/platform/workspaces/sibling", """{"orgId":"acme"}""")).Is(201);
        var operations = Operations((await api.GetAsync("/openapi/v1.json")).Json).ToList();
        Assert.True(operations.Count > 80, $"{operations.Count}");
        var callers = new List<(ScopeRole? Role, ScopeId Scope, (string, string) Header)> { (null, default, Callers.Nobody) };
        foreach (var (role, scope) in Holders)
        {
            callers.Add((role, scope, await api.HolderAsync(scope, ScopeRoles.Word(role))));
        }

        var table = RuleTable.Read();
        var wrong = new List<string>();
        foreach (var operation in operations)
        {
            foreach (var place in Places.Where(operation.IsAbout))
            {
                foreach (var (role, scope, header) in callers)
                {
                    var answer = await api.SendAsync(operation.Method, operation.PathAt(place), operation.BodyAt(place), header, ("If-Match", "\"999\""));
                    var expected = Expected(table, operation, place, role, scope);
                    if (!Is(answer, expected, place))
                    {
                        wrong.Add($"{operation.Method} {operation.PathAt(place)} by {role} of {scope}: expected {expected}, got {answer.Status} {answer.Text}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)) + $"\n{wrong.Count} in all");
    }

    private static int Expected(IReadOnlyDictionary<string, ScopeRole[]> table, Operation operation, ScopeId place, ScopeRole? role, ScopeId scope)
    {
        if (operation.Action is "public")
        {
            return 0;
        }

        if (role is not { } held)
        {
            return 401;
        }

        if (operation.Action is "sign-in")
        {
            return 0;
        }

        var counts = Counts(held, scope, place);
        if (operation.CreatesWorkspace && !counts)
        {
            // Not the caller's, or not there: to be created then, in the organization that the body names.
            place = ScopeId.Org(OrgOf(place));
            counts = Counts(held, scope, place);
            return counts && table["create-scope"].Contains(held) ? 0 : counts ? 403 : 404;
        }

        return counts && table[operation.Action].Contains(held) ? 0 : counts || place.Kind == ScopeKind.System ? 403 : 404;
    }

    private static string OrgOf(ScopeId workspace) => workspace.Id is "own" or "sibling" ? "acme" : "other";

    // Said again, apart from the code: where a role counts.
    private static bool Counts(ScopeRole role, ScopeId scope, ScopeId place) => scope == place
        || (role is not (ScopeRole.OrgUser or ScopeRole.Operator) && (scope == ScopeId.System || (scope == Acme && place.Kind == ScopeKind.Workspace && place.Id is "own" or "sibling")));

    // Whom the gate lets through is told by the handler that a parameter is wrong, or by the rules that the revision is.
    private static bool Is(Answer answer, int expected, ScopeId place) => expected switch
    {
        401 => answer.Status == 401 && answer["code"] is "credential-missing" && answer.Headers.WwwAuthenticate.Count == 1,
        403 => answer.Status == 403 && answer["code"] is "forbidden" && ScopeRoles.TryParse(answer["missingRole"], out _),
        404 => answer.Status == 404 && answer["code"] is "org-not-found" or "workspace-not-found" && answer["errors"] is not null,
        _ => answer.Status is 400 or 412 || (answer.Status is 404 && place.Id is "nobody") || answer.Status is 200,
    };

    private static IEnumerable<Operation> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is not "head"
        let said = operation.Value!
        select new Operation(
            new HttpMethod(operation.Key.ToUpperInvariant()),
            path.Key,
            (string)said["operationId"]!,
            (string)said["x-access-action"]!,
            Enum.Parse<ScopeKind>((string)said["x-access-scope"]!, ignoreCase: true),
            said["requestBody"] is not null,
            said["parameters"]?.AsArray().Any(p => (string)p!["name"]! is "orgId") ?? false);

    private sealed record Operation(HttpMethod Method, string Path, string Id, string Action, ScopeKind Kind, bool HasBody, bool TakesOrg)
    {
        public bool CreatesWorkspace => Id is "workspacePut";

        public bool IsAbout(ScopeId place) => place.Kind == Kind || (TakesOrg && place.Kind == ScopeKind.Org);

        public string PathAt(ScopeId place)
        {
            var path = Placeholder().Replace(Path, m => m.Groups["name"].Value switch { "id" => place.Id, "revision" => "1", "token" => "abc", _ => "some-name" });
            var query = TakesOrg && place.Kind == ScopeKind.Org ? $"orgId={place.Id}&" : "";
            return CreatesWorkspace ? path : $"{path}?{query}nope=1";
        }

        // Creating is decided by what the body says, which is read only where nothing else is wrong.
        public string? BodyAt(ScopeId place) => !HasBody ? null : CreatesWorkspace ? $$"""{"orgId":"{{OrgOf(place)}}"}""" : "{}";
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
