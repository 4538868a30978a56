using System.Collections.Immutable;
using OrleansModules.Api.Access;
using OrleansModules.Core.Access;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Problems;

/// <summary>A refusal, before it is written as problem details (RFC 9457).</summary>
/// <param name="Status">The status code.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">What is wrong, for a person.</param>
internal sealed record ApiProblem(int Status, string Code, string Detail)
{
    /// <summary>Everything that is wrong, one by one.</summary>
    public ImmutableArray<Fault> Faults { get; init; } = [];

    /// <summary>Seconds after which another try makes sense; null where none does.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The version of the scope now, for a write that was based on another.</summary>
    public MapVersion? CurrentVersion { get; init; }

    /// <summary>The lowest role that would do; null where it is not a matter of roles.</summary>
    public ScopeRole? MissingRole { get; init; }

    /// <summary>The scope in which the role is missing.</summary>
    public ScopeId Scope { get; init; }

    /// <summary>How to say who one is, for the header <c>WWW-Authenticate</c>; null where that is not asked.</summary>
    public string? Challenge { get; init; }

    /// <summary>A refusal for some faults.</summary>
    public static ApiProblem Of(IReadOnlyList<Fault> faults)
    {
        var code = faults.Count > 1 && StatusOf(faults[0].Code) == StatusCodes.Status400BadRequest ? FaultCodes.ValidationFailed : faults[0].Code;
        var detail = faults.Count == 1 ? faults[0].Message : $"{faults[0].Message} ({faults.Count} faults in all, see errors.)";
        return new ApiProblem(StatusOf(code), code, detail) { Faults = [.. faults] };
    }

    /// <summary>A refusal because the record is away.</summary>
    public static ApiProblem Of(StoreException failure) => failure switch
    {
        { OutcomeUnknown: true } => new(StatusCodes.Status503ServiceUnavailable, ApiCodes.OutcomeUnknown,
            "It cannot be known whether the change was made. Send it again under the same Idempotency-Key when the service is back.") { RetryAfter = 5 },
        { Failure: StoreFailure.Full } => new(StatusCodes.Status507InsufficientStorage, FaultCodes.StoreFull, "There is no room left to write changes down. Nothing was changed; reads go on."),
        _ => new(StatusCodes.Status503ServiceUnavailable, FaultCodes.StoreUnavailable, "Changes cannot be written down now. Nothing was changed; reads go on.") { RetryAfter = 5 },
    };

    private static int StatusOf(string code) => code switch
    {
        FaultCodes.ModuleNotFound or FaultCodes.OrgNotFound or FaultCodes.WorkspaceNotFound or FaultCodes.RevisionNotFound or ApiCodes.OverrideNotFound
            or FaultCodes.MemberNotFound or FaultCodes.TokenNotFound => StatusCodes.Status404NotFound,
        FaultCodes.ModuleExists or FaultCodes.ParentDisabled or FaultCodes.DependencyConflict or FaultCodes.DependentModulesExist or FaultCodes.DependencyCycle
            or FaultCodes.CoreModuleProtected or FaultCodes.TooLarge or FaultCodes.OrgNotEmpty or FaultCodes.WorkspaceOrgFixed or FaultCodes.TokenExists or FaultCodes.LimitReached => StatusCodes.Status409Conflict,
        AccessCodes.OwnAccessFixed or AccessCodes.RoleAboveOwn or AccessCodes.TokenOutlivesOwn => StatusCodes.Status403Forbidden,
        FaultCodes.IdentityRefused => StatusCodes.Status403Forbidden,
        FaultCodes.RevisionMismatch => StatusCodes.Status412PreconditionFailed,
        FaultCodes.IdempotencyKeyReused => StatusCodes.Status422UnprocessableEntity,
        ApiCodes.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        ApiCodes.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        ApiCodes.NotAcceptable => StatusCodes.Status406NotAcceptable,
        _ => StatusCodes.Status400BadRequest,
    };
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ApiException(ApiProblem problem) : Exception(problem.Detail)
{
    /// <summary>A problem with one fault.</summary>
    public ApiException(Fault fault)
        : this(ApiProblem.Of([fault]))
    {
    }

    /// <summary>The problem.</summary>
    public ApiProblem Problem { get; } = problem;
}
