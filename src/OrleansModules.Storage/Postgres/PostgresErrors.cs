using System.Net.Sockets;
using Npgsql;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>What errors of PostgreSQL mean for who uses the store.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an exception is one that the database or the way to it causes.</summary>
    public static bool IsDatabaseFailure(Exception exception) => exception is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>Whether an error says that a commit was not made: the session that was asked to make it lives on.</summary>
    /// <remarks>Anything else, a lost connection as well as a session that was ended, leaves open what became of it.</remarks>
    public static bool IsRefusal(Exception exception) =>
        exception is PostgresException e && !e.InvariantSeverity.Equals("FATAL", StringComparison.Ordinal) && !e.InvariantSeverity.Equals("PANIC", StringComparison.Ordinal);

    /// <summary>Whether an error was found in the change itself, so that no earlier call can have made it.</summary>
    public static bool IsVerdict(Exception exception) => exception is PostgresException e
        && (e.SqlState.StartsWith("OM", StringComparison.Ordinal) || (e.SqlState.StartsWith("23", StringComparison.Ordinal) && !Is(e, PostgresErrorCodes.UniqueViolation)));

    /// <summary>Whether the change was refused because of what other scopes say now: who decided it saw an older state.</summary>
    public static bool IsOvertaken(PostgresException e) => e.SqlState.StartsWith("OM", StringComparison.Ordinal) || Is(e, PostgresErrorCodes.ForeignKeyViolation);

    /// <summary>Whether the same call may well succeed when made once more.</summary>
    public static bool IsRace(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UniqueViolation;

    /// <summary>The store's failure for one of the database.</summary>
    public static StoreException Of(Exception cause) => cause is PostgresException e
        ? new StoreException(KindOf(e.SqlState), $"PostgreSQL: {e.MessageText} ({e.SqlState})", e)
        : new StoreException(StoreFailure.Unavailable, $"PostgreSQL cannot be reached: {Line(cause)}", cause);

    /// <summary>The store's failure where items were written or read that are no changes: <see cref="StoreFailure.Corrupt"/> where the database takes them at no time.</summary>
    public static StoreException OfItems(Exception cause) =>
        cause is PostgresException e && (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal))
            ? new StoreException(StoreFailure.Corrupt, $"PostgreSQL: {e.MessageText} ({e.SqlState})", e)
            : Of(cause);

    /// <summary>A change may be durable or not.</summary>
    public static StoreException Unknown(Exception cause) =>
        new(StoreFailure.Unavailable, $"PostgreSQL went away while changes were being committed: {Line(cause)}", cause, outcomeUnknown: true);

    /// <summary>A change waited too long for its turn.</summary>
    public static StoreException Late() => new(StoreFailure.Unavailable, "PostgreSQL is too slow: the change waited too long for its turn and was not made.");

    /// <summary>The store was closed.</summary>
    public static StoreException Closed() => new(StoreFailure.Unavailable, "The store is closed.");

    /// <summary>A row is not what was written.</summary>
    public static StoreException Corrupt(string what, Exception cause) => new(StoreFailure.Corrupt, $"PostgreSQL: {what} cannot be read: {Line(cause)}", cause);

    private static bool Is(PostgresException e, string state) => e.SqlState.Equals(state, StringComparison.Ordinal);

    private static string Line(Exception cause) => (cause.InnerException is { } inner ? $"{cause.Message} {inner.Message}" : cause.Message).ReplaceLineEndings(" ");

    private static StoreFailure KindOf(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => StoreFailure.Full,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StoreFailure.Corrupt,
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn => StoreFailure.Misconfigured,
        _ when state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) || state.StartsWith("3F", StringComparison.Ordinal) => StoreFailure.Misconfigured,
        _ => StoreFailure.Unavailable,
    };
}
