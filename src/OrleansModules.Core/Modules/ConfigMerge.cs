namespace OrleansModules.Core.Modules;

/// <summary>How a module's configuration is laid over its parent's (law L4).</summary>
public enum ConfigMerge : byte
{
    /// <summary>A key of the lower scope replaces the key of the higher one whole.</summary>
    Shallow,

    /// <summary>Objects merge as in RFC 7396; null removes.</summary>
    Deep,
}
