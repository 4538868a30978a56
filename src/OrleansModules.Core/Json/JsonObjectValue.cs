using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansModules.Core.Json;

/// <summary>A JSON object kept as compact UTF-8 text: configuration, feature flags, navigation.</summary>
/// <remarks>
/// Immutable; safe to share between threads. Kept in one canonical form, keys in ordinal order and numbers in one spelling, so that
/// equal values are equal bytes whichever node or store they come from. Holds nothing but the bytes: a value costs its text plus one
/// small object.
/// </remarks>
public sealed class JsonObjectValue : IEquatable<JsonObjectValue>
{
    private const int LargestKept = 1 << 16;

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly byte[] _utf8;

    private JsonObjectValue(byte[] utf8) => _utf8 = utf8;

    /// <summary>What text and numbers must be, for messages.</summary>
    public const string Accepted = "made of Unicode text without NUL, and of numbers of at most 100 digits within the range of a double";

    /// <summary>The empty object, <c>{}</c>.</summary>
    public static JsonObjectValue Empty { get; } = new("{}"u8.ToArray());

    /// <summary>The compact text.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>Whether the object has no keys.</summary>
    public bool IsEmpty => _utf8.Length == 2;

    /// <summary>Whether objects and arrays stand in each other on more levels than this, the object itself included.</summary>
    public bool IsDeeperThan(int levels)
    {
        var reader = new Utf8JsonReader(_utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= levels)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies an element that is a JSON object.</summary>
    /// <exception cref="ArgumentException">The element is no object.</exception>
    /// <exception cref="InvalidOperationException">It holds text that is no Unicode or has a NUL, or a number out of range: see <see cref="Accepted"/>.</exception>
    public static JsonObjectValue From(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException($"Expected a JSON object, got {element.ValueKind}.", nameof(element));
        }

        return Build(writer => WriteCompact(writer, element));
    }

    /// <summary>Parses the text of a JSON object.</summary>
    /// <exception cref="JsonException">The text is not JSON, or repeats a key.</exception>
    /// <exception cref="ArgumentException">The text is JSON but no object.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="From"/>.</exception>
    public static JsonObjectValue Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return From(document.RootElement);
    }

    /// <summary>Makes a value from what a callback writes; it must write one JSON object.</summary>
    public static JsonObjectValue Build(Action<Utf8JsonWriter> write)
    {
        // Taken while in use, so that a callback may build another value.
        var scratch = _scratch ?? new Scratch();
        _scratch = null;
        write(scratch.Writer);
        scratch.Writer.Flush();
        var value = scratch.Buffer.WrittenCount == 2 ? Empty : new JsonObjectValue(scratch.Buffer.WrittenSpan.ToArray());
        if (scratch.Buffer.Capacity <= LargestKept)
        {
            scratch.Buffer.ResetWrittenCount();
            scratch.Writer.Reset();
            _scratch = scratch;
        }

        return value;
    }

    /// <summary>Opens the value for reading; the caller disposes the document.</summary>
    public JsonDocument Open() => JsonDocument.Parse(_utf8);

    /// <summary>Writes the object as it stands into a larger document.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(_utf8, skipInputValidation: true);

    /// <inheritdoc/>
    public bool Equals(JsonObjectValue? other) => other is not null && _utf8.AsSpan().SequenceEqual(other._utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonObjectValue);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_utf8);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(_utf8);

    /// <summary>Writes an element in canonical form.</summary>
    internal static void WriteCompact(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                if (IsInPlainOrder(element))
                {
                    foreach (var member in element.EnumerateObject())
                    {
                        writer.WritePropertyName(JsonMarshal.GetRawUtf8PropertyName(member));
                        WriteCompact(writer, member.Value);
                    }
                }
                else
                {
                    foreach (var (name, value) in InOrder(element))
                    {
                        writer.WritePropertyName(name);
                        WriteCompact(writer, value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteCompact(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(
                    JsonNumber.TrySpell(JsonMarshal.GetRawUtf8Value(element), out var number) ? number : throw new InvalidOperationException("A number is out of range."),
                    skipInputValidation: true);
                break;
            case JsonValueKind.String when IsPlain(JsonMarshal.GetRawUtf8Value(element)):
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(WithoutNul(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>The members of an object in ordinal order of their names.</summary>
    internal static List<KeyValuePair<string, JsonElement>> InOrder(JsonElement element)
    {
        var members = new List<KeyValuePair<string, JsonElement>>();
        var ordered = true;
        foreach (var member in element.EnumerateObject())
        {
            var name = WithoutNul(member.Name);
            ordered = ordered && (members.Count == 0 || string.CompareOrdinal(members[^1].Key, name) < 0);
            members.Add(new(name, member.Value));
        }

        if (!ordered)
        {
            members.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        }

        return members;
    }

    // The usual case, told without making strings: names of plain ASCII in ascending order, as values that are stored have them.
    private static bool IsInPlainOrder(JsonElement element)
    {
        ReadOnlySpan<byte> before = default;
        var isFirst = true;
        foreach (var member in element.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (!IsPlain(name) || (!isFirst && before.SequenceCompareTo(name) >= 0))
            {
                return false;
            }

            before = name;
            isFirst = false;
        }

        return true;
    }

    // Text that is written as it is: printable ASCII in which nothing is escaped.
    private static bool IsPlain(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !text.Contains((byte)'\\');

    private static string WithoutNul(string text) => text.Contains('\0', StringComparison.Ordinal) ? throw new InvalidOperationException("A text has a NUL.") : text;

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer, CompactJson.Options);

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }
    }
}
