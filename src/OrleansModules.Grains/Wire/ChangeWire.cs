using System.Text.Json;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Wire;

/// <summary>Requests, answers and records as messages.</summary>
internal static class ChangeWire
{
    public static ChangeMessage ToMessage(ChangeRequest request, MapVersion seen, long seenRevision) => new()
    {
        Scope = request.Scope.ToString(),
        Command = CommandWire.ToMessage(request.Command),
        Actor = request.Actor,
        Reason = request.Reason,
        IfRevision = request.IfRevision,
        IfEpoch = request.IfEpoch,
        Force = request.Force,
        OperationId = request.OperationId,
        Fingerprint = request.Fingerprint,
        Seen = seen.ToString(),
        SeenRevision = seenRevision,
        Subject = request.Identity?.Subject,
        GrantScopes = [.. (request.Identity?.Grants ?? []).Select(g => g.Scope.ToString())],
        GrantRoles = [.. (request.Identity?.Grants ?? []).Select(g => ScopeRoles.Word(g.Role))],
    };

    public static ChangeRequest FromMessage(ChangeMessage message) => new()
    {
        Scope = ScopeId.Parse(message.Scope),
        Command = CommandWire.FromMessage(message.Command),
        Actor = message.Actor,
        Reason = message.Reason,
        IfRevision = message.IfRevision,
        IfEpoch = message.IfEpoch,
        Force = message.Force,
        OperationId = message.OperationId,
        Fingerprint = message.Fingerprint,
        Identity = message.Subject is null
            ? null
            : new ChangeIdentity(message.Subject, [.. message.GrantScopes.Zip(message.GrantRoles, (scope, role) => new RoleGrant(ScopeId.Parse(scope), ScopeRoles.Words[role]))]),
    };

    public static AnswerMessage ToMessage(ChangeAnswer answer) => answer switch
    {
        ChangeAnswer.Accepted accepted => new AnswerMessage { Kind = AnswerKind.Accepted, Record = ChangeRecordJson.ToUtf8(accepted.Record), IsReplay = accepted.IsReplay },
        ChangeAnswer.Unchanged unchanged => new AnswerMessage { Kind = AnswerKind.Unchanged, Version = unchanged.Version.ToString() },
        ChangeAnswer.Refused refused => new AnswerMessage
        {
            Kind = AnswerKind.Refused,
            Version = refused.CurrentVersion?.ToString(),
            Faults = [.. refused.Faults.Select(f => new FaultMessage(f.Code, f.Pointer, f.Message, f.Module, f.Scope))],
        },
        _ => throw new ArgumentException($"{answer.GetType().Name} has no message.", nameof(answer)),
    };

    public static AnswerMessage ToMessage(StoreException failure) => new()
    {
        Kind = AnswerKind.Failed,
        Failure = failure.Failure.ToString(),
        Problem = failure.Message,
        OutcomeUnknown = failure.OutcomeUnknown,
    };

    /// <exception cref="StoreException">The record failed.</exception>
    public static ChangeAnswer FromMessage(AnswerMessage message) => message.Kind switch
    {
        AnswerKind.Accepted => new ChangeAnswer.Accepted(Read(message.Record!), message.IsReplay),
        AnswerKind.Unchanged => new ChangeAnswer.Unchanged(Version(message.Version)!.Value),
        AnswerKind.Refused => new ChangeAnswer.Refused([.. message.Faults.Select(f => new Fault(f.Code, f.Pointer, f.Message) { Module = f.Module, Scope = f.Scope })], Version(message.Version)),
        _ => throw new StoreException(Enum.TryParse<StoreFailure>(message.Failure, out var failure) ? failure : StoreFailure.Unavailable, message.Problem ?? "The change failed.", null, message.OutcomeUnknown),
    };


    public static ChangeRecord Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json, Depth.Options);
        return ChangeRecordJson.Read(document.RootElement);
    }

    public static MapVersion? Version(string? text) => text is not null && MapVersion.TryParse(text, out var version) ? version : null;
}
