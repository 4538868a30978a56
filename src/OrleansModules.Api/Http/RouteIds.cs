using OrleansModules.Api.Problems;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Http;

/// <summary>Reads the ids in an address.</summary>
internal static class RouteIds
{
    /// <summary>The name of the route value that holds an organization's or workspace's id.</summary>
    public const string Id = "id";

    /// <summary>The name of the route value that holds a module's name.</summary>
    public const string Module = "name";

    /// <summary>The name of the route value that holds a member's subject.</summary>
    public const string Subject = "subject";

    /// <summary>The name of the route value that holds a token's id.</summary>
    public const string Token = "token";

    /// <summary>The scope that an address names.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">What the route is for.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="fault">What is wrong, where the answer is false.</param>
    public static bool TryRead(HttpContext context, ScopeKind kind, out ScopeId scope, out Fault? fault)
    {
        fault = null;
        scope = ScopeId.System;
        if (kind == ScopeKind.System)
        {
            return true;
        }

        var id = context.Request.RouteValues[Id] as string ?? AliasOrgId(context);
        if (!ScopeId.IsValidId(id))
        {
            fault = new Fault(FaultCodes.InvalidId, Id, $"'{Shorten(id)}' is no id; accepted: 1 to {ScopeId.MaxIdLength} letters, digits, '.', '_' or '-', a letter or digit first.");
            return false;
        }

        scope = kind == ScopeKind.Org ? ScopeId.Org(id) : ScopeId.Workspace(id);
        return true;
    }

    /// <summary>The scope that an address names.</summary>
    public static ScopeId? Read(HttpContext context, ScopeKind kind, List<Fault> faults)
    {
        if (TryRead(context, kind, out var scope, out var fault))
        {
            return scope;
        }

        faults.Add(fault!); // there is one where the answer is false
        return null;
    }

    /// <summary>The module that an address names; null where its name is not of the accepted form.</summary>
    public static string? ReadModule(HttpContext context, List<Fault> faults)
    {
        var name = context.Request.RouteValues[Module] as string;
        if (ModuleName.IsValid(name))
        {
            return name;
        }

        faults.Add(InvalidModule(name));
        return null;
    }

    /// <summary>Says that a name is not of the accepted form.</summary>
    public static Fault InvalidModule(string? name) => new(FaultCodes.InvalidModuleName, Module, $"'{Shorten(name)}' is no module name; accepted: {ModuleName.Form}.");

    /// <summary>What an address names below its scope: a module, a member or a token; null where it names nothing.</summary>
    public static string? Target(HttpContext context) =>
        (context.Request.RouteValues[Module] ?? context.Request.RouteValues[Subject] ?? context.Request.RouteValues[Token]) as string;

    /// <summary>Whether the route leaves it to the query or a header to name the organization.</summary>
    public static bool TakesOrgId(HttpContext context, ScopeKind kind) => kind == ScopeKind.Org && !context.Request.RouteValues.ContainsKey(Id);

    /// <summary>The organization of an alias route, which has it in the query or a header.</summary>
    private static string? AliasOrgId(HttpContext context) =>
        context.Request.Query.TryGetValue("orgId", out var given) ? given.ToString() : context.Request.Headers["X-Org-Id"].ToString();

    private static string Shorten(string? id) => id is null ? "" : id.Length <= 100 ? id : id[..97] + "...";

    /// <summary>Says that an organization or workspace does not exist.</summary>
    public static ApiProblem Missing(ScopeId scope) => ApiProblem.Of([Core.Faults.Missing.Scope(scope)]);

    /// <summary>Says that a module does not exist.</summary>
    public static ApiProblem MissingModule(string module) => ApiProblem.Of([Core.Faults.Missing.Module(module)]);

    /// <summary>Ends the request if there are faults.</summary>
    /// <exception cref="ApiException">There are.</exception>
    public static void ThrowIfAny(List<Fault> faults)
    {
        if (faults.Count > 0)
        {
            throw new ApiException(ApiProblem.Of(faults));
        }
    }
}
