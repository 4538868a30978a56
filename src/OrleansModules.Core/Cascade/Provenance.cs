using System.Collections.Frozen;
using System.Text.Json;

namespace OrleansModules.Core.Cascade;

/// <summary>Says for every value inside a definition or an override which change set it last.</summary>
/// <param name="Whole">The last change of anything inside.</param>
/// <param name="Exceptions">
/// JSON Pointers (RFC 6901) of values whose last change differs from that of the object around them; null when there are none.
/// </param>
/// <remarks>Immutable value. Costs two references while everything was set by one change, the usual case.</remarks>
public readonly record struct Provenance(ChangeMark Whole, FrozenDictionary<string, ChangeMark>? Exceptions)
{
    /// <summary>The change that last set the value at a JSON Pointer, or anything inside it.</summary>
    public ChangeMark Of(string pointer)
    {
        if (Exceptions is not null)
        {
            for (var end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
            {
                if (Exceptions.TryGetValue(pointer[..end], out var mark))
                {
                    return mark;
                }
            }
        }

        return Whole;
    }

    /// <summary>Everything inside was set by one change.</summary>
    public static Provenance New(ChangeMark mark) => new(mark, null);

    /// <summary>Carries the marks over a change: values that stayed as they were keep theirs.</summary>
    /// <param name="before">The document before the change.</param>
    /// <param name="after">The document after it.</param>
    /// <param name="mark">The change.</param>
    public Provenance After(JsonElement before, JsonElement after, ChangeMark mark)
    {
        if (JsonElement.DeepEquals(before, after))
        {
            return this;
        }

        var marks = new Dictionary<string, ChangeMark>(StringComparer.Ordinal);
        Collect("", before, after, mark, mark, marks);
        return new Provenance(mark, marks.Count == 0 ? null : marks.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Writes a key as one step of a JSON Pointer.</summary>
    public static string Step(string pointer, string key) =>
        pointer + "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void Collect(string pointer, JsonElement before, JsonElement after, ChangeMark change, ChangeMark around, Dictionary<string, ChangeMark> marks)
    {
        foreach (var member in after.EnumerateObject())
        {
            var inner = Step(pointer, member.Name);
            var known = before.TryGetProperty(member.Name, out var old);
            var same = known && JsonElement.DeepEquals(old, member.Value);
            var mark = same ? Of(inner) : change;
            if (mark != around)
            {
                marks[inner] = mark;
            }

            if (same)
            {
                CarryBelow(inner, mark, marks);
            }
            else if (known && old.ValueKind == JsonValueKind.Object && member.Value.ValueKind == JsonValueKind.Object)
            {
                Collect(inner, old, member.Value, change, mark, marks);
            }
        }
    }

    private void CarryBelow(string pointer, ChangeMark around, Dictionary<string, ChangeMark> marks)
    {
        foreach (var (path, mark) in Exceptions ?? FrozenDictionary<string, ChangeMark>.Empty)
        {
            if (path.Length > pointer.Length && path.StartsWith(pointer, StringComparison.Ordinal) && path[pointer.Length] == '/' && mark != around)
            {
                marks[path] = mark;
            }
        }
    }
}
