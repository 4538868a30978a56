using System.Text.Json.Nodes;

namespace OrleansModules.Api.OpenFeature;

// Shapes for the OpenAPI document; the protocol's own specification says more.

internal sealed record EvaluationContextBody(string TargetingKey, string? ScopeKind = null);

internal sealed record EvaluationRequest(EvaluationContextBody Context);

internal sealed record FlagMetadata(string DecidedBy, bool Available, string? BlockedBy = null, string? BlockedCode = null, string? Version = null, long? StaleFor = null);

internal sealed record FlagEvaluationAnswer(string Key, JsonNode Value, string Reason, FlagMetadata Metadata);

internal sealed record FlagSetMetadata(string Version, string Scope, long? StaleFor = null);

internal sealed record StreamEndpoint(string RequestUri);

internal sealed record EventStreamAnswer(string Type, StreamEndpoint Endpoint, int InactivityDelaySec);

internal sealed record BulkEvaluation(FlagEvaluationAnswer[] Flags, EventStreamAnswer[] EventStreams, FlagSetMetadata Metadata);

internal sealed record FailureMetadata(string TraceId);

internal sealed record EvaluationFailure(string Key, string ErrorCode, string ErrorDetails, FailureMetadata? Metadata = null);

internal sealed record BulkEvaluationFailure(string ErrorCode, string ErrorDetails, FailureMetadata? Metadata = null);
