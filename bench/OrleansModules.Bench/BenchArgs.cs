using System.Globalization;

namespace OrleansModules.Bench;

/// <summary>Arguments of the form <c>scenario --name value --switch</c>.</summary>
internal sealed class BenchArgs
{
    private readonly string[] _all;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Takes the command line apart.</summary>
    public BenchArgs(string[] all)
    {
        _all = all;
        Scenario = all.Length > 0 && !all[0].StartsWith('-') ? all[0] : "";
    }

    /// <summary>What to run; empty when nothing was named.</summary>
    public string Scenario { get; }

    /// <summary>The command that repeats this run.</summary>
    public string Command => "dotnet run -c Release --project bench/OrleansModules.Bench -- " + string.Join(' ', _all);

    /// <summary>A number of at least 1.</summary>
    /// <exception cref="BenchException">Not a number, or below 1.</exception>
    public int Number(string name, int otherwise) =>
        Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new BenchException($"{name} takes a whole number of at least 1, got '{text}'.");

    /// <summary>A text; null where it was not given.</summary>
    public string? Text(string name)
    {
        _asked.Add(name);
        var at = Array.IndexOf(_all, name);
        return at < 0 ? null : at + 1 < _all.Length ? _all[at + 1] : throw new BenchException($"{name} needs a value.");
    }

    /// <summary>Every value of a name that may be given several times.</summary>
    public IEnumerable<string> Texts(string name)
    {
        _asked.Add(name);
        return _all.Index().Where(a => a.Index > 0 && _all[a.Index - 1].Equals(name, StringComparison.Ordinal)).Select(a => a.Item);
    }

    /// <summary>Whether a switch is there.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return Array.IndexOf(_all, name) >= 0;
    }

    /// <summary>Refuses what the scenario did not ask for. Call it after all arguments were read.</summary>
    /// <exception cref="BenchException">An argument nobody knows.</exception>
    public void RefuseOthers()
    {
        if (_all.Skip(1).FirstOrDefault(a => a.StartsWith("--", StringComparison.Ordinal) && !_asked.Contains(a)) is { } unknown)
        {
            throw new BenchException($"{Scenario} does not know {unknown}; it takes {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
        }
    }
}
