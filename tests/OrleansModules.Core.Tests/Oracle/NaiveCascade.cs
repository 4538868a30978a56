using System.Text.Json.Nodes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Core.Tests.Oracle;

/// <summary>The laws of the cascade, written down slowly: every answer from nothing, by dictionaries and recursion, nothing shared.</summary>
internal static class NaiveCascade
{
    /// <summary>The JSON of every module of a map, in order.</summary>
    public static List<JsonObject> Map(World world, ScopeKind level, ScopeId? org = null, ScopeId? workspace = null) =>
        [.. Ordered(world).Select(d => Module(world, d, level, org ?? World.OrgScope, workspace ?? World.WorkspaceScope))];

    /// <summary>Law L1.</summary>
    public static bool IsEnabled(World world, string module, ScopeKind level)
    {
        var enabled = Find(world, module)!.IsEnabled;
        if (level >= ScopeKind.Org)
        {
            enabled = enabled && (Said(world.Org, module)?.IsEnabled ?? true);
        }

        return level == ScopeKind.Workspace ? enabled && (Said(world.Workspace, module)?.IsEnabled ?? true) : enabled;
    }

    /// <summary>Law L6.</summary>
    public static bool IsAvailable(World world, string module, ScopeKind level) => IsAvailable(world, module, level, []);

    /// <summary>Law L4.</summary>
    public static JsonObject Config(World world, ModuleDefinition definition, ScopeKind level)
    {
        var merged = Node(definition.Config);
        foreach (var lower in Lower(world, definition.Name, level))
        {
            merged = definition.ConfigMerge == ConfigMerge.Deep ? (JsonObject)MergePatch(merged, Node(lower.Config))! : ReplaceKeys(merged, Node(lower.Config));
        }

        return merged;
    }

    /// <summary>Law L5.</summary>
    public static JsonObject Flags(World world, ModuleDefinition definition, ScopeKind level) =>
        Lower(world, definition.Name, level).Aggregate(Node(definition.FeatureFlags), (merged, lower) => ReplaceKeys(merged, Node(lower.FeatureFlags)));

    /// <summary>RFC 7396, section 2, as its pseudo code has it.</summary>
    public static JsonNode? MergePatch(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject old ? (JsonObject)old.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = MergePatch(result[name], value);
            }
        }

        return result;
    }

    public static ModuleOverride? Said(IEnumerable<ModuleOverride> overrides, string module) =>
        overrides.SingleOrDefault(o => string.Equals(o.Module, module, StringComparison.Ordinal));

    public static ModuleDefinition? Find(World world, string module) =>
        world.Definitions.SingleOrDefault(d => !d.IsRemoved && string.Equals(d.Name, module, StringComparison.Ordinal));

    public static JsonObject Node(JsonObjectValue value) => (JsonObject)JsonNode.Parse(value.Utf8)!;

    // Law L9.
    private static List<ModuleDefinition> Ordered(World world)
    {
        var modules = world.Definitions.Where(d => !d.IsRemoved).ToList();
        modules.Sort((a, b) => a.Tier != b.Tier ? a.Tier.CompareTo(b.Tier) : string.CompareOrdinal(a.Name, b.Name));
        return modules;
    }

    private static JsonObject Module(World world, ModuleDefinition d, ScopeKind level, ScopeId org, ScopeId workspace)
    {
        var reasons = Reasons(world, d.Name, level, org, workspace);
        return new JsonObject
        {
            ["name"] = d.Name,
            ["displayName"] = d.DisplayName,
            ["description"] = d.Description,
            ["type"] = d.Type == ModuleType.Core ? "core" : "functional",
            ["tier"] = d.Tier,
            ["version"] = d.Version.ToFullString(),
            ["isInstalled"] = d.IsInstalled,
            ["isEnabled"] = IsEnabled(world, d.Name, level),
            ["isAvailable"] = reasons.Count == 0,
            ["reasons"] = reasons,
            ["systemEnabled"] = d.IsEnabled,
            ["orgEnabled"] = level >= ScopeKind.Org ? Said(world.Org, d.Name)?.IsEnabled : null,
            ["wsEnabled"] = level == ScopeKind.Workspace ? Said(world.Workspace, d.Name)?.IsEnabled : null,
            ["config"] = Config(world, d, level),
            ["featureFlags"] = Flags(world, d, level),
            ["navConfig"] = Node(d.NavConfig),
            ["dependencies"] = new JsonArray([.. d.Dependencies.Select(n => new JsonObject { ["name"] = n.Name, ["range"] = n.Range.ToString(), ["optional"] = n.IsOptional })]),
            ["requiredPermissions"] = new JsonArray([.. d.RequiredPermissions.Select(p => (JsonNode)p)]),
        };
    }

    private static JsonArray Reasons(World world, string module, ScopeKind level, ScopeId org, ScopeId workspace)
    {
        var d = Find(world, module)!;
        var reasons = new JsonArray();
        if (!d.IsInstalled)
        {
            reasons.Add(new JsonObject { ["code"] = "not-installed", ["module"] = module });
        }

        if (!d.IsEnabled)
        {
            reasons.Add(new JsonObject { ["code"] = "disabled-by-system", ["scope"] = "system" });
        }

        if (level >= ScopeKind.Org && Said(world.Org, module)?.IsEnabled == false)
        {
            reasons.Add(new JsonObject { ["code"] = "disabled-by-org", ["scope"] = org.ToString() });
        }

        if (level == ScopeKind.Workspace && Said(world.Workspace, module)?.IsEnabled == false)
        {
            reasons.Add(new JsonObject { ["code"] = "disabled-by-workspace", ["scope"] = workspace.ToString() });
        }

        if (!IsCompatible(world, d))
        {
            reasons.Add(new JsonObject { ["code"] = "incompatible-version", ["module"] = module });
        }

        foreach (var needed in d.Dependencies.Where(n => !n.IsOptional).OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            if (!IsMet(world, needed, level, [module]))
            {
                reasons.Add(new JsonObject { ["code"] = "dependency-unavailable", ["module"] = needed.Name });
            }
        }

        return reasons;
    }

    // A module that is met again on the way down waits for itself: it is never available.
    private static bool IsAvailable(World world, string module, ScopeKind level, List<string> above)
    {
        if (above.Contains(module) || Find(world, module) is not { } d)
        {
            return false;
        }

        return d.IsInstalled && IsEnabled(world, module, level) && IsCompatible(world, d)
            && d.Dependencies.Where(n => !n.IsOptional).All(n => IsMet(world, n, level, [.. above, module]));
    }

    private static bool IsMet(World world, ModuleDependency needed, ScopeKind level, List<string> above) =>
        Find(world, needed.Name) is { } d && needed.Range.Contains(d.Version) && IsAvailable(world, needed.Name, level, above);

    private static bool IsCompatible(World world, ModuleDefinition d) =>
        world.HostVersion is null || d.MinCompatibleVersion is null || world.HostVersion.CompareTo(d.MinCompatibleVersion) >= 0;

    private static IEnumerable<ModuleOverride> Lower(World world, string module, ScopeKind level)
    {
        if (level >= ScopeKind.Org && Said(world.Org, module) is { } org)
        {
            yield return org;
        }

        if (level == ScopeKind.Workspace && Said(world.Workspace, module) is { } workspace)
        {
            yield return workspace;
        }
    }

    private static JsonObject ReplaceKeys(JsonObject upper, JsonObject lower)
    {
        var merged = (JsonObject)upper.DeepClone();
        foreach (var (name, value) in lower)
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }
}
