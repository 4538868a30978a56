using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.Context;

/// <summary>The order of tabs (requirement D15).</summary>
internal static class TabOrder
{
    /// <summary>Names in the order that settings say, then modules that they do not name, by tier and name. Unavailable modules keep their place.</summary>
    /// <param name="settings">The settings that count.</param>
    /// <param name="map">The modules.</param>
    public static IReadOnlyList<string> Resolve(JsonObjectValue settings, EffectiveMap map)
    {
        var order = new List<string>();
        using var document = settings.Open();
        if (document.RootElement.TryGetProperty(ShellSettings.TabOrder, out var said))
        {
            order.AddRange(said.EnumerateArray().Select(t => t.GetString()!)); // ShellSettings took texts only
        }

        var named = order.ToHashSet(StringComparer.Ordinal);
        order.AddRange(map.Select(m => m.Name).Where(name => !named.Contains(name)));
        return order;
    }
}
