using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansModules.Client.AspNetCore;

/// <summary>Lets a request through only while a module is available in its scope.</summary>
/// <remarks>
/// Metadata of an endpoint, which every kind of endpoint keeps; <see cref="ModuleGatePolicy"/> sees to it that it is asked. Immutable, safe for concurrent use.
/// A module that is available costs one lookup; everything else is a problem (RFC 9457) with a stable code.
/// </remarks>
internal sealed class ModuleGate(string module, ScopeResolver? resolve)
{
    private const int RetryAfterSeconds = 5;

    /// <summary>Why a request must not go on; null where it may.</summary>
    public ValueTask<IResult?> RefusalAsync(HttpContext http)
    {
        var modules = http.RequestServices.GetRequiredService<IModuleAvailability>();
        if ((resolve ?? http.RequestServices.GetRequiredService<ScopeResolver>())(http) is not { } scope)
        {
            return ValueTask.FromResult<IResult?>(Problem(http, StatusCodes.Status400BadRequest, "scope-unresolved", "The request names no workspace or organization.", null));
        }

        return modules.IsAvailable(scope, module) ? ValueTask.FromResult<IResult?>(null) : DecideAsync(http, modules, scope);
    }

    private async ValueTask<IResult?> DecideAsync(HttpContext http, IModuleAvailability modules, ModuleScope scope)
    {
        var snapshot = await modules.GetAsync(scope, http.RequestAborted);
        if (snapshot is null)
        {
            if (modules.Status(scope).State == CopyState.NotFound)
            {
                return Problem(http, StatusCodes.Status404NotFound, scope.IsWorkspace ? "workspace-not-found" : "org-not-found", $"{scope} does not exist.", scope);
            }

            http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return Problem(http, StatusCodes.Status503ServiceUnavailable, "module-state-unknown", $"Whether '{module}' is available in {scope} is not known now.", scope);
        }

        return snapshot.IsAvailable(module) ? null : Disabled(http, scope, snapshot.Find(module));
    }

    private ProblemHttpResult Disabled(HttpContext http, ModuleScope scope, EffectiveModule? found)
    {
        var reasons = found?.Reasons.Select(r => r.Code).Distinct(StringComparer.Ordinal).ToArray() ?? ["module-not-found"];
        return Problem(http, StatusCodes.Status503ServiceUnavailable, "module-disabled", $"'{module}' is not available in {scope}: {string.Join(", ", reasons)}.", scope, reasons);
    }

    private ProblemHttpResult Problem(HttpContext http, int status, string code, string detail, ModuleScope? scope, string[]? reasons = null)
    {
        var more = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code, ["module"] = module };
        if (scope is { } known)
        {
            more["scope"] = known.ToString();
        }

        if (reasons is not null)
        {
            more["reasons"] = reasons;
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Problem(detail, statusCode: status, title: Title(code), type: "urn:orleansmodules:problem:" + code, extensions: more);
    }

    private static string Title(string code) => code switch
    {
        "module-disabled" => "The module is not available",
        "module-state-unknown" => "The state of the module is unknown",
        "scope-unresolved" => "No scope",
        _ => "Not found",
    };
}
