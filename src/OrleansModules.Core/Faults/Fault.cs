namespace OrleansModules.Core.Faults;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Code">Stable code in kebab case, see <see cref="FaultCodes"/>.</param>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the body, or the name of the parameter or header; empty for the request as a whole.</param>
/// <param name="Message">What is wrong, with which id, and what is accepted.</param>
public sealed record Fault(string Code, string Pointer, string Message)
{
    /// <summary>The module to blame; null when it is none.</summary>
    public string? Module { get; init; }

    /// <summary>The scope to blame, as <c>org/acme</c>; null when it is none.</summary>
    public string? Scope { get; init; }
}
