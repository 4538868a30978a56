using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OrleansModules.Client;

/// <summary>One value of a configuration, decoded when the map came in, so that reads need not.</summary>
/// <remarks>Immutable but for what was read as other types, which is added; safe for concurrent use.</remarks>
internal sealed class ConfigValue
{
    private readonly string? _text;
    private readonly long? _integer;
    private readonly double? _number;
    private ConcurrentDictionary<Type, object?>? _others;

    public ConfigValue(JsonElement json)
    {
        Json = json;
        _text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        _number = json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) ? number : null;
        _integer = json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var integer) ? integer : null;
    }

    public JsonElement Json { get; }

    // The compiler knows T where T is a value type: only one branch is left of these.
    public bool TryGet<T>([NotNullWhen(true)] out T? value)
    {
        if (typeof(T) == typeof(bool))
        {
            var isTrue = Json.ValueKind == JsonValueKind.True;
            value = Unsafe.As<bool, T>(ref isTrue)!; // a bool is never null
            return isTrue || Json.ValueKind == JsonValueKind.False;
        }

        if (typeof(T) == typeof(int))
        {
            var fits = _integer is >= int.MinValue and <= int.MaxValue;
            var integer = fits ? (int)_integer!.Value : 0; // fits, so there is one
            value = Unsafe.As<int, T>(ref integer)!; // an int is never null
            return fits;
        }

        if (typeof(T) == typeof(long))
        {
            var integer = _integer.GetValueOrDefault();
            value = Unsafe.As<long, T>(ref integer)!; // a long is never null
            return _integer is not null;
        }

        if (typeof(T) == typeof(double))
        {
            var number = _number.GetValueOrDefault();
            value = Unsafe.As<double, T>(ref number)!; // a double is never null
            return _number is not null;
        }

        if (typeof(T) == typeof(string))
        {
            value = (T?)(object?)_text;
            return _text is not null;
        }

        return TryGetOther(out value);
    }

    private bool TryGetOther<T>([NotNullWhen(true)] out T? value)
    {
        var others = _others ?? Interlocked.CompareExchange(ref _others, new(), null) ?? _others;
        if (!others.TryGetValue(typeof(T), out var read))
        {
            read = others.GetOrAdd(typeof(T), Read<T>());
        }

        if (read is T found)
        {
            value = found;
            return true;
        }

        value = default;
        return false;
    }

    private object? Read<T>()
    {
        try
        {
            return Json.Deserialize<T>(JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null; // not of this type: the caller's fallback is the answer
        }
    }
}
