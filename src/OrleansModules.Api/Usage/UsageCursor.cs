using OrleansModules.Api.Http;
using OrleansModules.Core.Modules;

namespace OrleansModules.Api.Usage;

/// <summary>Where a page of statistics ended: <c>2026-11-21~kb~use</c>.</summary>
internal sealed record UsageCursor(DateOnly Period, string Module, string EventType)
{
    private const char Separator = '~';

    /// <summary>The text that the next page is asked for with.</summary>
    public static string Of(PeriodUsage last) => string.Join(Separator, Times.Text(last.Period), last.Module, last.EventType);

    /// <summary>Reads <c>after</c>.</summary>
    public static UsageCursor? Read(QueryParameters query) => query.Text("after") is not { } text ? null
        : text.Split(Separator) is [var day, var module, var type] && Times.TryParseDay(day, out var period) && ModuleName.IsValid(module) ? new UsageCursor(period, module, type)
        : query.Wrong<UsageCursor>("after", "must be 'next' of the page before");

    /// <summary>Whether something comes after it.</summary>
    public bool IsBefore(PeriodUsage one) => (one.Period.CompareTo(Period), string.CompareOrdinal(one.Module, Module), string.CompareOrdinal(one.EventType, EventType)) switch
    {
        ( > 0, _, _) or (0, > 0, _) or (0, 0, > 0) => true,
        _ => false,
    };
}
