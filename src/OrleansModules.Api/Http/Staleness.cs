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

    /// <summary>Says it where it is so. Nobody may keep such an answer: the header would be kept with it.</summary>
    /// <returns>Whether it is so.</returns>
    public static bool Say(IHeaderDictionary headers, IModuleEngine engine)
    {
        if (Seconds(engine) is not { } seconds)
        {
            return false;
        }

        headers[Header] = seconds.ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        return true;
    }
}
