using System.Text.Json;

namespace OrleansModules.Grains.Wire;

/// <summary>Options for reading JSON that was checked when it was taken in: as deep as it was written.</summary>
internal static class Depth
{
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 256 };
}
