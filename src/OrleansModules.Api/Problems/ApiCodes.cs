namespace OrleansModules.Api.Problems;

/// <summary>Stable codes of problems that only HTTP has; the others are <see cref="Core.Faults.FaultCodes"/>.</summary>
internal static class ApiCodes
{
    public const string BodyTooLarge = "body-too-large";
    public const string InternalError = "internal-error";
    public const string InvalidHeader = "invalid-header";
    public const string InvalidParameter = "invalid-parameter";
    public const string InvalidStreamTicket = "invalid-stream-ticket";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string NotAcceptable = "not-acceptable";
    public const string OutcomeUnknown = "outcome-unknown";
    public const string OverrideNotFound = "override-not-found";
    public const string PresetNotFound = "preset-not-found";
    public const string RouteNotFound = "route-not-found";
    public const string TooManyRequests = "too-many-requests";
    public const string TooManyStreams = "too-many-streams";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string VersionNotReached = "version-not-reached";
}
