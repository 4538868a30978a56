using System.Text.Json;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Finds values by dotted paths. Names of members may have dots themselves: the longest name that leads to a value wins.</summary>
internal static class ConfigPath
{
    /// <summary>Levels that a bulk answer names one by one; deeper values are in the objects above them, and can be asked for singly.</summary>
    public const int BulkLevels = 4;

    /// <summary>The longest path that a bulk answer names, in characters, likewise.</summary>
    public const int BulkLength = 256;

    /// <summary>Finds a value that is not null: one that a bulk answer would name first.</summary>
    /// <param name="around">The object to look in.</param>
    /// <param name="path">The path.</param>
    /// <param name="names">Receives the names of the members on the way.</param>
    /// <param name="value">The value.</param>
    public static bool TryFind(JsonElement around, string path, List<string> names, out JsonElement value) =>
        TryFind(around, path, BulkLevels, names, out value) || TryFind(around, path, int.MaxValue, names, out value);

    /// <summary>The values that a bulk answer names, objects included, each path once, in no order that counts.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="workspace">What the workspace says of it.</param>
    /// <param name="org">What the organization says of it.</param>
    public static IEnumerable<ConfigValue> All(JsonElement config, SaidBy workspace, SaidBy org)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        return Below(config, "", BulkLevels, workspace, org).Where(v => named.Add(v.Path));
    }

    private static bool TryFind(JsonElement around, string path, int levels, List<string> names, out JsonElement value)
    {
        if (around.TryGetProperty(path, out value) && value.ValueKind != JsonValueKind.Null)
        {
            names.Add(path);
            return true;
        }

        for (var dot = path.LastIndexOf('.'); levels > 1 && dot >= 0; dot = dot == 0 ? -1 : path.LastIndexOf('.', dot - 1))
        {
            var name = path[..dot];
            if (around.TryGetProperty(name, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                names.Add(name);
                if (TryFind(inner, path[(dot + 1)..], levels - 1, names, out value))
                {
                    return true;
                }

                names.RemoveAt(names.Count - 1);
            }
        }

        value = default;
        return false;
    }

    private static IEnumerable<ConfigValue> Below(JsonElement around, string before, int levels, SaidBy workspace, SaidBy org)
    {
        foreach (var member in LongestFirst(around))
        {
            if (member.Value.ValueKind == JsonValueKind.Null || before.Length + member.Name.Length > BulkLength)
            {
                continue;
            }

            var value = new ConfigValue(before + member.Name, member.Value, workspace.At(member.Name), org.At(member.Name));
            yield return value;
            if (levels > 1 && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in Below(member.Value, value.Path + ".", levels - 1, value.Workspace, value.Org))
                {
                    yield return inner;
                }
            }
        }
    }

    // Of paths that are spelled alike the first wins; only names with dots can make some.
    private static IEnumerable<JsonProperty> LongestFirst(JsonElement around)
    {
        var members = around.EnumerateObject();
        return members.Any(m => m.Name.Contains('.', StringComparison.Ordinal)) ? members.OrderByDescending(m => m.Name.Length) : members;
    }
}

/// <summary>A value in a configuration.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Value">The value, not null.</param>
/// <param name="Workspace">What the workspace says of it.</param>
/// <param name="Org">What the organization says of it.</param>
internal readonly record struct ConfigValue(string Path, JsonElement Value, SaidBy Workspace, SaidBy Org);
