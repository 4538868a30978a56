using System.Text.Json;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.OpenFeature;

/// <summary>What a scope says at some place of a module's configuration or flags, and below: nothing, all there is, or some members.</summary>
/// <remarks>Looks names up in constant time, as an object may have very many.</remarks>
internal sealed class SaidBy
{
    private static readonly SaidBy All = new(null);

    private readonly Dictionary<string, JsonElement>? _members;
    private readonly bool _isWhole;

    private SaidBy(Dictionary<string, JsonElement>? members, bool isWhole = false) => (_members, _isWhole) = (members, isWhole);

    /// <summary>Says nothing.</summary>
    public static SaidBy Nothing { get; } = new(null);

    /// <summary>Whether it says anything here.</summary>
    public bool IsAnything => !ReferenceEquals(this, Nothing);

    /// <summary>Reads what a scope says.</summary>
    /// <param name="values">The values of the scope alone; null for none.</param>
    /// <param name="isWhole">Whether a member counts whole: who says it decides all that is in it.</param>
    public static SaidBy Of(JsonObjectValue? values, bool isWhole)
    {
        if (values is null or { IsEmpty: true })
        {
            return Nothing;
        }

        using var document = values.Open();
        return new SaidBy(Members(document.RootElement.Clone()), isWhole);
    }

    /// <summary>What it says of a member.</summary>
    public SaidBy At(string name) => _members is null ? this
        : !_members.TryGetValue(name, out var value) ? Nothing
        : _isWhole || value.ValueKind != JsonValueKind.Object ? All
        : new SaidBy(Members(value));

    private static Dictionary<string, JsonElement> Members(JsonElement around) => around.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
}
