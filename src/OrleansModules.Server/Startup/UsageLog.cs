namespace OrleansModules.Server.Startup;

/// <summary>Log messages of usage.</summary>
internal static partial class UsageLog
{
    /// <summary>The store is away.</summary>
    [LoggerMessage(301, LogLevel.Warning, "Usage cannot be written; its events wait in memory: {Cause}")]
    public static partial void Waits(ILogger logger, string cause);

    /// <summary>The store is back.</summary>
    [LoggerMessage(302, LogLevel.Information, "Usage is written again; {Lost} events were lost since the start of the process.")]
    public static partial void GoesOn(ILogger logger, long lost);

    /// <summary>Events were lost until the process ended.</summary>
    [LoggerMessage(303, LogLevel.Warning, "{Lost} usage events were lost since the start of the process.")]
    public static partial void Lost(ILogger logger, long lost);

    /// <summary>A round failed.</summary>
    [LoggerMessage(304, LogLevel.Warning, "Usage was not summed up; the next round makes up for it: {Cause}")]
    public static partial void NotSummedUp(ILogger logger, string cause);
}
