using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OrleansModules.Client;

/// <summary>Reads maps from JSON.</summary>
internal static class SnapshotReader
{
    private static readonly ModulePool Pool = new();

    /// <summary>Reads a map; modules that did not change are those of the snapshot before, and such as other maps have too are theirs.</summary>
    /// <param name="scope">The scope it was asked of.</param>
    /// <param name="body">The answer of the service.</param>
    /// <param name="previous">The snapshot before; null where there is none.</param>
    /// <exception cref="JsonException">This is no map of such a scope.</exception>
    public static ModuleSnapshot Read(ModuleScope scope, ReadOnlyMemory<byte> body, ModuleSnapshot? previous)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (!MapVersion.TryParse(json.RootElement.GetProperty("version").GetString(), out var version) || version.Workspace.HasValue != scope.IsWorkspace)
            {
                throw new JsonException($"The map of {scope} has no version of such a scope.");
            }

            var modules = ImmutableArray.CreateBuilder<EffectiveModule>();
            foreach (var module in json.RootElement.GetProperty("modules").EnumerateArray())
            {
                modules.Add(Kept(module, previous) ?? Pool.Get(module));
            }

            return new ModuleSnapshot(scope, version, modules.DrainToImmutable());
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new JsonException($"The answer is no map of {scope}: {e.Message}", e);
        }
    }

    private static EffectiveModule? Kept(JsonElement module, ModuleSnapshot? previous) =>
        previous is not null && module.GetProperty("name").GetString() is { } name && previous.Find(name) is { } before
        && JsonMarshal.GetRawUtf8Value(module).SequenceEqual(JsonMarshal.GetRawUtf8Value(before.Json))
            ? before
            : null;
}
