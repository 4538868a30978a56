using System.Text.Json;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Finds values by dotted paths. Names of members may have dots themselves: the longest name that leads to a value wins.</summary>
internal static class ConfigPath
{
    /// <summary>Levels that a bulk answer names one by one; deeper values are in the objects above them, and can be asked for singly.</summary>
    public const int BulkLevels = 4;

    /// <summary>Finds a value that is not null.</summary>
    /// <param name="around">The object to look in.</param>
    /// <param name="path">The path.</param>
    /// <param name="names">Receives the names of the members on the way.</param>
    /// <param name="value">The value.</param>
    public static bool TryFind(JsonElement around, string path, List<string> names, out JsonElement value)
    {
        if (around.TryGetProperty(path, out value) && value.ValueKind != JsonValueKind.Null)
        {
            names.Add(path);
            return true;
        }

        for (var dot = path.LastIndexOf('.'); dot >= 0; dot = dot == 0 ? -1 : path.LastIndexOf('.', dot - 1))
        {
            var name = path[..dot];
            if (around.TryGetProperty(name, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                names.Add(name);
                if (TryFind(inner, path[(dot + 1)..], names, out value))
                {
                    return true;
                }

                names.RemoveAt(names.Count - 1);
            }
        }

        value = default;
        return false;
    }

    /// <summary>All paths down to <see cref="BulkLevels"/>, objects included, each once.</summary>
    public static IEnumerable<string> All(JsonElement config) => Below(config, "", BulkLevels).Distinct(StringComparer.Ordinal);

    /// <summary>Whether an object says something at a place, itself or an object on the way being replaced.</summary>
    public static bool Says(JsonElement around, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (around.ValueKind != JsonValueKind.Object)
            {
                return true;
            }

            if (!around.TryGetProperty(name, out around))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> Below(JsonElement around, string before, int levels)
    {
        foreach (var member in around.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            var path = before + member.Name;
            yield return path;
            if (levels > 1 && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in Below(member.Value, path + ".", levels - 1))
                {
                    yield return inner;
                }
            }
        }
    }
}
