using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NuGet.Versioning;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using VersionRange = OrleansModules.Core.Versions.VersionRange;

namespace OrleansModules.Core.Tests.Generators;

/// <summary>Makes random inputs in which the interesting cases are likely. The same seed makes the same inputs.</summary>
internal sealed class Dice(int seed)
{
    /// <summary>Names whose ordinal order differs from that of a dictionary: hyphen, then digits, then letters.</summary>
    public static readonly ImmutableArray<string> Modules =
        ["access", "ai", "ai-chat", "ai2", "aichat", "eval", "kb", "kb-index", "mgmt", "voice", "ws", "ws-2"];

    private static readonly string[] Keys = ["a", "b", "c", "d", "x/y", "m~n", "~1", "", "ключ", "quote\\\"", "\\u0061\\u0062", "100"];
    private static readonly string[] Flags = ["beta", "dark", "x/y", "m~n", "new-ui"];
    private static readonly string[] Versions = ["0.9.0", "1.0.0", "1.2.3", "1.3.0-beta.1", "2.0.0", "2.1.0+build.7", "3.0.0-rc.1"];
    private static readonly string[] Hosts = ["0.9.0", "1.0.0", "1.5.0-rc.1", "1.5.0", "2.0.0"];
    private static readonly string[] Ranges = ["*", "^1.0.0", "~1.2", ">=1.0.0 <2.0.0", "1.x || 2.x", ">=2", "1.0.0 - 2.0.0", "^1.3.0-beta", "<1"];

    private static readonly string[] Leaves =
    [
        "1", "1.0", "1.50", "-0", "1e3", "12345678901234567890123", "0.1", "true", "false", "null", "\"\"", "\"text\"", "\"<&>'+\"", "\"\\u00e9\\n\\t\\\"\\\\\"",
        "\"\\ud83d\\ude00\"", "\"\u2028\"", "[]", "[1,2]", "[null,{\"a\":null}]", "[[],{}]",
    ];

    private readonly Random _random = new(seed);

    public int Below(int bound) => _random.Next(bound);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    public World World()
    {
        var names = Modules.ToArray();
        _random.Shuffle(names);
        var count = Below(13);
        var removed = count > 3 && Chance(40);
        var definitions = ImmutableArray.CreateBuilder<ModuleDefinition>();
        for (var i = 0; i < count; i++)
        {
            definitions.Add(Definition(names[i], names.AsSpan(0, i).ToArray()) with { IsRemoved = removed && Chance(20) });
        }

        // Stored in another order than that of the dependencies.
        var stored = definitions.ToArray();
        _random.Shuffle(stored);
        var host = Chance(50) ? SemanticVersion.Parse(Pick(Hosts)) : null;
        return new World([.. stored], host, Overrides(), Overrides());
    }

    /// <summary>A definition that depends on some of the names given, and at times on one that nobody registers.</summary>
    public ModuleDefinition Definition(string name, IReadOnlyList<string> mayNeed)
    {
        var needs = mayNeed.Where(_ => Chance(30)).ToList();
        if (Chance(5))
        {
            needs.Add("ghost");
        }

        return new ModuleDefinition
        {
            Name = name,
            DisplayName = Chance(50) ? name : "Das \"Modul\" <" + name + ">",
            Description = Chance(30) ? "Text é\n" : null,
            Type = Chance(40) ? ModuleType.Core : ModuleType.Functional,
            Tier = 1 + Below(3),
            Version = SemanticVersion.Parse(Pick(Versions)),
            MinCompatibleVersion = Chance(25) ? SemanticVersion.Parse(Pick(Hosts)) : null,
            IsInstalled = Chance(93),
            IsEnabled = Chance(85),
            Config = Chance(80) ? Object(3) : JsonObjectValue.Empty,
            ConfigMerge = Chance(50) ? ConfigMerge.Deep : ConfigMerge.Shallow,
            FeatureFlags = FlagSet(),
            NavConfig = Chance(30) ? JsonObjectValue.Parse("{\"route\":\"/x\",\"order\":1.5,\"children\":[{\"label\":\"y\",\"adminOnly\":true}],\"own\":null}") : JsonObjectValue.Empty,
            Dependencies = [.. needs.Select(n => new ModuleDependency(n, Chance(60) ? VersionRange.Any : VersionRange.Parse(Pick(Ranges)), Chance(25)))],
            RequiredPermissions = Chance(20) ? ["kb:read", "kb:write"] : [],
        };
    }

    public ImmutableArray<ModuleOverride> Overrides() =>
        Chance(15) ? [] : [.. Modules.Append("ghost").Where(_ => Chance(35)).Select(Override)];

    public ModuleOverride Override(string module) => Chance(10)
        ? ModuleOverride.Nothing(module)
        : new ModuleOverride(
            module,
            Pick<bool?>([null, null, true, false]),
            Chance(60) ? Object(3) : JsonObjectValue.Empty,
            FlagSet());

    public JsonObjectValue FlagSet()
    {
        var members = Flags.Where(_ => Chance(25)).Select(f => $"\"{f}\":{(Chance(50) ? "true" : "false")}");
        return JsonObjectValue.Parse("{" + string.Join(',', members) + "}");
    }

    public JsonObjectValue Object(int depth) => JsonObjectValue.Parse(ObjectText(depth));

    public string ObjectText(int depth)
    {
        var text = new StringBuilder("{");
        var first = true;
        foreach (var key in Keys)
        {
            if (!Chance(25))
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{(first ? "" : " , ")}\"{key}\" : {(depth > 0 && Chance(50) ? ObjectText(depth - 1) : Pick(Leaves))}");
            first = false;
        }

        return text.Append('}').ToString();
    }
}
