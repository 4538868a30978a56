using System.Globalization;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Bench.Data;

/// <summary>Ids and overrides of organizations and workspaces. Every call makes new strings, as requests do.</summary>
/// <param name="uuids">Ids as UUIDs, 36 characters; otherwise short ones.</param>
internal sealed class SampleScopes(bool uuids)
{
    /// <summary>How many modules a workspace with overrides overrides.</summary>
    public const int OverridesEach = 3;

    /// <summary>How the ids look, for a result.</summary>
    public string Ids => uuids ? "UUID ids" : "short ids";

    /// <summary>The id of an organization, from 0.</summary>
    public string Org(int org) => Id('o', 0x5a17, org);

    /// <summary>The id of a workspace, from 0.</summary>
    public string Workspace(int workspace) => Id('w', 0x3c91, workspace);

    /// <summary>The modules that a workspace overrides: three different ones.</summary>
    public static IEnumerable<int> Overridden(int workspace, int modules) =>
        Enumerable.Range(0, OverridesEach).Select(i => SampleModules.Leaf((workspace * 7) + 1 + (i * (modules / OverridesEach)), modules));

    /// <summary>The body of an override: no two workspaces say the same.</summary>
    public static string OverrideJson(int workspace, int module)
    {
        var enabled = (workspace + module) % 4 == 0 ? "false" : "null";
        return $$$"""{"isEnabled":{{{enabled}}},"configOverrides":{"maxDocuments":{{{1000 + workspace}}},"greeting":"Welcome to workspace {{{workspace}}}"},"featureFlagOverrides":{"exports":true,"search":false}}""";
    }

    /// <summary>The same as the core holds it.</summary>
    public static ModuleOverride Override(int workspace, int module)
    {
        var enabled = (workspace + module) % 4 == 0 ? false : (bool?)null;
        var config = JsonObjectValue.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"maxDocuments":{{1000 + workspace}},"greeting":"Welcome to workspace {{workspace}}"}"""));
        return new ModuleOverride(SampleModules.Name(module), enabled, config, JsonObjectValue.Parse("""{"exports":true,"search":false}"""));
    }

    private string Id(char letter, short salt, int number) => uuids
        ? new Guid(number * -1640531527, salt, (short)(number >> 16), 0x8b, 0x1e, 0x77, 0x02, 0xd4, (byte)(number >> 16), (byte)(number >> 8), (byte)number).ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{letter}{number}");
}
