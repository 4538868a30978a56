using System.Globalization;
using OrleansModules.Api.Problems;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Http;

/// <summary>Reads the query of a request strictly: unknown and repeated parameters are faults.</summary>
internal sealed class QueryParameters
{
    private readonly IQueryCollection _query;
    private readonly List<Fault> _faults;

    /// <summary>Starts reading.</summary>
    /// <param name="request">The request.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <param name="known">The accepted names.</param>
    public QueryParameters(HttpRequest request, List<Fault> faults, params ReadOnlySpan<string> known)
    {
        (_query, _faults) = (request.Query, faults);
        foreach (var (name, values) in _query)
        {
            var accepted = false;
            foreach (var k in known)
            {
                accepted |= k.Equals(name, StringComparison.Ordinal);
            }

            if (!accepted)
            {
                Wrong(name, known.Length == 0 ? "is no parameter here; none is accepted" : $"is no parameter here; accepted: {string.Join(", ", known.ToArray())}");
            }
            else if (values.Count > 1)
            {
                Wrong(name, "is given more than once");
            }
        }
    }

    /// <summary>The text of a parameter; null where it is absent.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>True or false.</summary>
    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => Wrong<bool?>(name, "must be true or false"),
    };

    /// <summary>A whole number.</summary>
    public long? Number(string name, long min, long max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : Wrong<long?>(name, $"must be a whole number from {min} to {max}");
    }

    /// <summary>A version such as <c>s12.o5.w3</c>.</summary>
    public MapVersion? Version(string name) => Text(name) is not { } text ? null
        : MapVersion.TryParse(text, out var version) ? version
        : Wrong<MapVersion?>(name, "must be a version such as s12.o5.w3");

    /// <summary>An id of an organization or workspace.</summary>
    public string? Id(string name) => Text(name) is not { } text ? null : ScopeId.IsValidId(text) ? text : Wrong<string?>(name, $"must be an id: 1 to {ScopeId.MaxIdLength} letters, digits, '.', '_' or '-', a letter or digit first");

    /// <summary>Notes a faulty parameter.</summary>
    public T? Wrong<T>(string name, string what)
    {
        Wrong(name, what);
        return default;
    }

    private void Wrong(string name, string what) => _faults.Add(new Fault(ApiCodes.InvalidParameter, name, $"'{name}' {what}."));
}
