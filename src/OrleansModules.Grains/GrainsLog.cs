namespace OrleansModules.Grains;

/// <summary>What the cluster engine tells the operator.</summary>
internal static partial class GrainsLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Silo {Silo} did not take changes of {Scopes} scopes; they are sent again, and it reads what it misses from the record: {Problem}")]
    public static partial void PushFailed(ILogger logger, SiloAddress silo, int scopes, string problem);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "The record is away; this silo answers reads from memory: {Problem}")]
    public static partial void FeedAway(ILogger logger, string problem);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "This silo has every change up to position {Position} of epoch {Epoch}, {Workspaces} workspaces in memory.")]
    public static partial void Ready(ILogger logger, long position, long epoch, int workspaces);
}
