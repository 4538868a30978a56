using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace OrleansModules.Api.OpenFeature;

// Shapes for the OpenAPI document; the protocol's own specification says more.

internal sealed record EvaluationContextBody([property: Required] string TargetingKey, string? ScopeKind);

internal sealed record EvaluationRequest([property: Required] EvaluationContextBody Context);

internal sealed record FlagMetadata(string DecidedBy, bool Available, string? BlockedBy, string? BlockedCode, string? Version, long? StaleFor);

internal sealed record FlagEvaluationAnswer(string Key, JsonNode Value, string Reason, FlagMetadata Metadata);

internal sealed record FlagSetMetadata(string Version, string Scope, long? StaleFor);

internal sealed record StreamEndpoint(string RequestUri);

internal sealed record EventStreamAnswer(string Type, StreamEndpoint Endpoint, int InactivityDelaySec);

internal sealed record BulkEvaluation(FlagEvaluationAnswer[] Flags, EventStreamAnswer[] EventStreams, FlagSetMetadata Metadata);

internal sealed record EvaluationFailure(string? Key, string ErrorCode, string ErrorDetails);
