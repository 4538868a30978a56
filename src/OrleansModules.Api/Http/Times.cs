using System.Globalization;

namespace OrleansModules.Api.Http;

/// <summary>Reads times and days as requests write them.</summary>
internal static class Times
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>A time of RFC 3339; without an offset it is UTC.</summary>
    public static bool TryParse(string? text, out DateTime utc)
    {
        var isTime = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
        utc = at.UtcDateTime;
        return isTime;
    }

    /// <summary>A day such as <c>2026-11-21</c>.</summary>
    public static bool TryParseDay(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The text of a day.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
