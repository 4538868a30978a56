using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OrleansModules.Client;

/// <summary>The merged configuration of one module, read by dotted paths: <c>limits.daily</c>.</summary>
/// <remarks>
/// Immutable, safe for concurrent use. Reading a <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/> allocates nothing;
/// any other type is read from JSON once per value and type and then shared between callers, who must not change it.
/// Arrays are values: a path leads to one, not into it. Where a key itself has a dot, two keys may share a path; the first counts.
/// </remarks>
public sealed class ModuleConfig
{
    private readonly FrozenDictionary<string, ConfigValue> _values;
    private readonly ConfigValue _root;

    internal ModuleConfig(JsonElement json)
    {
        var values = new Dictionary<string, ConfigValue>(StringComparer.Ordinal);
        Collect(json, "", values);
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
        _root = new ConfigValue(json);
    }

    /// <summary>The configuration as the service sent it: an object.</summary>
    public JsonElement Json => _root.Json;

    /// <summary>The value at a path.</summary>
    /// <param name="path">Dotted path.</param>
    /// <param name="fallback">The answer where there is no value, or one of another type.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? Get<T>(string path, T? fallback = default) => TryGet<T>(path, out var value) ? value : fallback;

    /// <summary>The value at a path.</summary>
    /// <param name="path">Dotted path.</param>
    /// <param name="value">The value.</param>
    /// <returns>False where there is none, where it is null, and where it cannot be read as a <typeparamref name="T"/>.</returns>
    public bool TryGet<T>(string path, [NotNullWhen(true)] out T? value)
    {
        if (_values.TryGetValue(path, out var found))
        {
            return found.TryGet(out value);
        }

        value = default;
        return false;
    }

    /// <summary>The whole configuration as an object, names in camel case or any case.</summary>
    /// <exception cref="JsonException">It cannot be read as a <typeparamref name="T"/>.</exception>
    public T Bind<T>()
        where T : class => _root.TryGet<T>(out var value) ? value : throw new JsonException($"The configuration cannot be read as {typeof(T)}.");

    private static void Collect(JsonElement json, string prefix, Dictionary<string, ConfigValue> values)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            var path = prefix.Length == 0 ? member.Name : $"{prefix}.{member.Name}";
            values.TryAdd(path, new ConfigValue(member.Value));
            Collect(member.Value, path, values);
        }
    }
}
