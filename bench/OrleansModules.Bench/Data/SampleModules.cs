using System.Globalization;
using System.Text.Json;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;

namespace OrleansModules.Bench.Data;

/// <summary>A registry of any size. In every ten modules the first is one that the other nine require.</summary>
internal static class SampleModules
{
    private const int Group = 10;

    /// <summary>The name of a module, from 0.</summary>
    public static string Name(int module) => string.Create(CultureInfo.InvariantCulture, $"module-{module:000}");

    /// <summary>A module that no other requires, picked by a number.</summary>
    public static int Leaf(int pick, int modules)
    {
        var module = pick % modules;
        return modules > 1 && module % Group == 0 ? module + 1 : module;
    }

    /// <summary>A definition as a request registers it; about 750 bytes as an effective module.</summary>
    public static string Json(int module)
    {
        var head = module / Group * Group;
        var dependencies = module == head ? "" : $$"""{"name":"{{Name(head)}}","range":"^1.0.0","optional":false}""";
        var number = module.ToString("000", CultureInfo.InvariantCulture);
        return $$$"""
            {"name":"{{{Name(module)}}}","displayName":"Module {{{number}}}","description":"What module {{{number}}} does for the people who use it.",
             "type":"functional","tier":{{{1 + (module % 3)}}},"version":"1.{{{module % 20}}}.0",
             "config":{"maxDocuments":1000,"languages":["en","de"],"historyDays":30,"greeting":"How can I help you?","limits":{"tokensPerDay":100000}},
             "featureFlags":{"search":true,"exports":false,"attachments":true},
             "navConfig":{"route":"/modules/{{{number}}}","icon":"book","label":"Module {{{number}}}","order":{{{module}}},"adminOnly":false},
             "dependencies":[{{{dependencies}}}],
             "requiredPermissions":["module-{{{number}}}:read","module-{{{number}}}:use"]}
            """;
    }

    /// <summary>The same as the core reads it.</summary>
    public static ModuleDefinition Definition(int module)
    {
        using var document = JsonDocument.Parse(Json(module));
        var faults = new List<Fault>();
        return DefinitionJson.Read(document.RootElement, null, faults) ?? throw new BenchException($"Sample module {module}: {faults[0].Pointer}: {faults[0].Message}");
    }
}
