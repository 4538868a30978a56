using Microsoft.Extensions.Logging;

namespace OrleansModules.Storage.Postgres;

/// <summary>What the PostgreSQL store logs.</summary>
internal static partial class PostgresLog
{
    [LoggerMessage(121, LogLevel.Information, "Connected to PostgreSQL: database {Database}, schema {Schema}, scripts up to {Script}, epoch {Epoch}, head {Position}.")]
    public static partial void Opened(ILogger logger, string database, string schema, string script, long epoch, long position);

    [LoggerMessage(122, LogLevel.Information, "Applied the script {Script}.")]
    public static partial void Migrated(ILogger logger, string script);

    [LoggerMessage(123, LogLevel.Warning, "The answer to a commit of {Changes} change(s) was lost, asking what became of it: {Cause}")]
    public static partial void AnswerLost(ILogger logger, int changes, string cause);

    [LoggerMessage(124, LogLevel.Information, "A change of {Scope} was overtaken by another and is decided again: {Cause} ({SqlState})")]
    public static partial void Overtaken(ILogger logger, string scope, string cause, string sqlState);

    [LoggerMessage(125, LogLevel.Information, "A commit met another and is made again: {Cause} ({SqlState})")]
    public static partial void Raced(ILogger logger, string cause, string sqlState);

    [LoggerMessage(126, LogLevel.Error, "PostgreSQL refused a commit; nothing was changed: {Cause} ({SqlState})")]
    public static partial void Refused(ILogger logger, string cause, string sqlState, Exception exception);

    [LoggerMessage(127, LogLevel.Error, "Committing failed in a way nobody foresaw.")]
    public static partial void WriterFailed(ILogger logger, Exception exception);

    [LoggerMessage(128, LogLevel.Warning, "Not told of changes by PostgreSQL for now; they are found by looking: {Cause}")]
    public static partial void ListenerLost(ILogger logger, string cause);

    [LoggerMessage(129, LogLevel.Error, "The audit trail cannot be written to PostgreSQL; its entries wait in memory: {Cause}")]
    public static partial void AuditWaits(ILogger logger, string cause);

    [LoggerMessage(130, LogLevel.Information, "The audit trail is written to PostgreSQL again; {Lost} entries were lost since the start of the process.")]
    public static partial void AuditGoesOn(ILogger logger, long lost);
}
