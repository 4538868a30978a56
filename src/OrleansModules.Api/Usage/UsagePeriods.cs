using OrleansModules.Core.Usage;

namespace OrleansModules.Api.Usage;

/// <summary>How long the periods of statistics are; written in lower case.</summary>
internal enum UsageGranularity
{
    /// <summary>A UTC day.</summary>
    Day,

    /// <summary>Monday to Sunday.</summary>
    Week,

    /// <summary>A month of the calendar.</summary>
    Month,
}

/// <summary>What was used in one period.</summary>
/// <param name="Period">Its first day, also where only a part of it was asked for.</param>
/// <param name="Module">The module's name.</param>
/// <param name="EventType">What was done.</param>
/// <param name="Events">How many events.</param>
/// <param name="Quantity">The sum of their quantities.</param>
/// <param name="Actors">How many different actors, on the day that had most.</param>
/// <param name="Workspaces">How many different workspaces, on the day that had most.</param>
internal sealed record PeriodUsage(DateOnly Period, string Module, string EventType, long Events, long Quantity, long Actors, long Workspaces);

/// <summary>Puts daily sums together.</summary>
internal static class UsagePeriods
{
    private const int DaysInWeek = 7;

    /// <summary>The first day of the period that a day is in.</summary>
    public static DateOnly StartOf(DateOnly day, UsageGranularity granularity) => granularity switch
    {
        UsageGranularity.Day => day,
        UsageGranularity.Week => day.AddDays(-Math.Min(day.DayNumber, ((int)day.DayOfWeek + DaysInWeek - (int)DayOfWeek.Monday) % DaysInWeek)),
        _ => new DateOnly(day.Year, day.Month, 1),
    };

    /// <summary>Sums by period, module and event type, in that order.</summary>
    public static IEnumerable<PeriodUsage> Of(IEnumerable<DailyUsage> days, UsageGranularity granularity) => days
        .GroupBy(d => (Period: StartOf(d.Day, granularity), d.Module, d.EventType))
        .Select(g => new PeriodUsage(g.Key.Period, g.Key.Module, g.Key.EventType, g.Sum(d => d.Events), g.Sum(d => d.Quantity), g.Max(d => d.Actors), g.Max(d => d.Workspaces)))
        .OrderBy(p => p.Period).ThenBy(p => p.Module, StringComparer.Ordinal).ThenBy(p => p.EventType, StringComparer.Ordinal);
}
