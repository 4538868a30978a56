using Microsoft.Extensions.Logging;

namespace OrleansModules.Client;

/// <summary>What the client logs. Never a token, never a map.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Scope} is at {Version}.")]
    public static partial void Adopted(ILogger logger, ModuleScope scope, MapVersion version);

    // At level Debug where another scope had the same problem of the service before.
    [LoggerMessage(EventId = 2, Message = "{Scope} goes on with its last known map, {Version}: {Problem}. {Detail}")]
    public static partial void GoingStale(ILogger logger, LogLevel level, ModuleScope scope, MapVersion? version, CopyProblem problem, string detail);

    [LoggerMessage(EventId = 3, Message = "Nothing is known of {Scope}: {Problem}. {Detail}")]
    public static partial void StillUnknown(ILogger logger, LogLevel level, ModuleScope scope, CopyProblem problem, string detail);

    [LoggerMessage(4, LogLevel.Warning, "{Scope} does not exist, says the service.")]
    public static partial void Missing(ILogger logger, ModuleScope scope);

    [LoggerMessage(5, LogLevel.Information, "{Scope} made room for another; it is followed again when it is asked about.")]
    public static partial void Evicted(ILogger logger, ModuleScope scope);

    [LoggerMessage(6, LogLevel.Warning, "{Scope}, and maybe others, are not followed: all {MaxScopes} places are taken by scopes that are watched, configured or wait for their first map.")]
    public static partial void NoRoom(ILogger logger, ModuleScope scope, int maxScopes);

    [LoggerMessage(7, LogLevel.Warning, "The file {Path} was ignored: {Fault}")]
    public static partial void FileIgnored(ILogger logger, string path, string fault);

    [LoggerMessage(8, LogLevel.Warning, "The last known map of {Scope} could not be kept in {Directory}.")]
    public static partial void FileNotWritten(ILogger logger, ModuleScope scope, string directory, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "A watcher of {Scope} failed.")]
    public static partial void WatcherFailed(ILogger logger, ModuleScope scope, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "Following {Scope} failed in a way that was not foreseen; it goes on.")]
    public static partial void Unforeseen(ILogger logger, ModuleScope scope, Exception exception);

    [LoggerMessage(11, LogLevel.Debug, "{Scope}, which has no place among those that are followed, could not be read: {Fault}")]
    public static partial void NotReadOnce(ILogger logger, ModuleScope scope, string fault);
}
