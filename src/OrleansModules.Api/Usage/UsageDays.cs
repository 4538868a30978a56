using OrleansModules.Api.Http;

namespace OrleansModules.Api.Usage;

/// <summary>Reads the days that a request is about: <c>from</c> and <c>to</c>, UTC, both included.</summary>
internal static class UsageDays
{
    private const int MaxDays = 366;

    /// <summary>Reads them.</summary>
    /// <param name="query">Receives the faults.</param>
    /// <param name="today">The last day where none is said.</param>
    /// <param name="days">How many days where none is said.</param>
    public static (DateOnly From, DateOnly To) Read(QueryParameters query, DateOnly today, int days)
    {
        var to = ReadDay(query, "to") ?? today;
        var from = ReadDay(query, "from") ?? to.AddDays(Math.Max(1 - days, DateOnly.MinValue.DayNumber - to.DayNumber));
        return from > to ? (query.Wrong<DateOnly>("from", $"must not be after 'to' ({Times.Text(to)})"), to)
            : to.DayNumber - from.DayNumber >= MaxDays ? (query.Wrong<DateOnly>("from", $"must be less than {MaxDays} days before 'to' ({Times.Text(to)})"), to)
            : (from, to);
    }

    private static DateOnly? ReadDay(QueryParameters query, string name) => query.Text(name) is not { } text ? null
        : Times.TryParseDay(text, out var day) ? day
        : query.Wrong<DateOnly?>(name, "must be a day such as 2026-11-21");
}
