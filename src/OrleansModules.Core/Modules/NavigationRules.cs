using System.Text.Json;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Modules;

/// <summary>Checks the fields of a navigation entry that have a meaning (requirement A10); others are the host's own.</summary>
internal static class NavigationRules
{
    /// <summary>Checks an entry and its children.</summary>
    public static void Check(JsonElement entry, string pointer, List<Fault> faults)
    {
        foreach (var member in entry.EnumerateObject())
        {
            var (accepted, expected) = member.Name switch
            {
                "route" or "icon" or "label" => (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null, "a string"),
                "order" => (member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null, "a number"),
                "adminOnly" => (member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false"),
                "children" => (member.Value.ValueKind == JsonValueKind.Array, "an array of navigation entries"),
                _ => (true, ""),
            };
            if (!accepted)
            {
                faults.Add(new Fault(FaultCodes.InvalidValue, Cascade.Provenance.Step(pointer, member.Name), $"'{member.Name}' must be {expected}, got {JsonFields.Describe(member.Value)}."));
            }
        }

        if (entry.TryGetProperty("children", out var children) && children.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var child in children.EnumerateArray())
            {
                var inner = $"{pointer}/children/{index++}";
                if (child.ValueKind == JsonValueKind.Object)
                {
                    Check(child, inner, faults);
                }
                else
                {
                    faults.Add(new Fault(FaultCodes.NotAnObject, inner, $"A navigation entry is a JSON object, got {JsonFields.Describe(child)}."));
                }
            }
        }
    }
}
