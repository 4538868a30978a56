namespace OrleansModules.Client.FeatureManagement;

/// <summary>The name of a feature that is a module, <c>module-kb</c>, or a flag of one, <c>module-kb.flags.voice</c>.</summary>
/// <param name="Module">The module.</param>
/// <param name="Flag">The flag; null where the module itself is meant.</param>
internal readonly record struct ModuleFeatureName(string Module, string? Flag)
{
    private const string Separator = ".flags.";

    /// <summary>Reads a name.</summary>
    public static ModuleFeatureName Parse(string name) => name.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var at
        ? new(name[..at], name[(at + Separator.Length)..])
        : new(name, null);

    /// <summary>The name of a flag's feature.</summary>
    public static string Of(string module, string flag) => module + Separator + flag;
}
