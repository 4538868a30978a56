using System.Globalization;
using OrleansModules.Core.Engines;

namespace OrleansModules.Api.Http;

/// <summary>Says of an answer that the record has not confirmed it for longer than it should.</summary>
internal static class Staleness
{
    /// <summary>Says for how many seconds the record has not confirmed the answer; absent while it is fresh.</summary>
    public const string Header = "Modules-Stale-For";

    /// <summary>Whole seconds since the record last confirmed what this node answers; null while it is fresh.</summary>
    public static long? Seconds(IModuleEngine engine) => engine.StaleFor is { } age ? (long)age.TotalSeconds : null;

    /// <summary>Says it where it is so, and counts it. Nobody may keep such an answer: the header would be kept with it.</summary>
    public static void Say(IHeaderDictionary headers, IModuleEngine engine, StaleReads stale)
    {
        if (Seconds(engine) is { } seconds)
        {
            headers[Header] = seconds.ToString(CultureInfo.InvariantCulture);
            headers.CacheControl = "no-store";
            stale.Add();
        }
    }
}
