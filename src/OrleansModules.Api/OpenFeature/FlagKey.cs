using OrleansModules.Core.Modules;

namespace OrleansModules.Api.OpenFeature;

/// <summary>What a flag key asks for: <c>module-kb</c>, <c>module-kb.flags.x</c>, <c>module-kb.config</c> or <c>module-kb.config.a.b</c>.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Part">Which part of it.</param>
/// <param name="Name">The flag's name or the path in the configuration; empty for other parts.</param>
internal readonly record struct FlagKey(string Module, FlagPart Part, string Name)
{
    /// <summary>Stands between a module's name and the name of a flag.</summary>
    public const string Flags = ".flags.";

    /// <summary>Stands behind a module's name for its configuration.</summary>
    public const string Config = ".config";

    /// <summary>Reads a key.</summary>
    /// <returns>False where nothing can have that key.</returns>
    public static bool TryParse(string key, out FlagKey parsed)
    {
        parsed = default;
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var module = dot < 0 ? key : key[..dot];
        if (!ModuleName.IsValid(module))
        {
            return false;
        }

        var rest = dot < 0 ? [] : key.AsSpan(dot);
        if (rest.IsEmpty)
        {
            parsed = new FlagKey(module, FlagPart.Available, "");
        }
        else if (rest.StartsWith(Flags, StringComparison.Ordinal))
        {
            parsed = new FlagKey(module, FlagPart.Flag, rest[Flags.Length..].ToString());
        }
        else if (rest.SequenceEqual(Config))
        {
            parsed = new FlagKey(module, FlagPart.Config, "");
        }
        else if (rest.StartsWith(Config, StringComparison.Ordinal) && rest[Config.Length] == '.')
        {
            parsed = new FlagKey(module, FlagPart.ConfigValue, rest[(Config.Length + 1)..].ToString());
        }

        return parsed.Module is not null;
    }
}

/// <summary>The parts of a module that have a key.</summary>
internal enum FlagPart : byte
{
    /// <summary>Whether it is available.</summary>
    Available,

    /// <summary>One feature flag.</summary>
    Flag,

    /// <summary>The whole configuration.</summary>
    Config,

    /// <summary>One value of the configuration.</summary>
    ConfigValue,
}
