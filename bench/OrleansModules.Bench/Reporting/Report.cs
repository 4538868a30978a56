using System.Globalization;
using System.Text;

namespace OrleansModules.Bench.Reporting;

/// <summary>Collects the lines of one scenario; prints them as they come and writes them as markdown at the end.</summary>
internal sealed class Report(string scenario, string command)
{
    private readonly StringBuilder _text = new();
    private readonly StolenTime _stolen = new();
    private bool _inTable;

    /// <summary>Starts a table.</summary>
    public void Section(string title)
    {
        _inTable = false;
        Line($"\n## {title}");
    }

    /// <summary>Adds a line to the table.</summary>
    public void Add(Row row)
    {
        if (!_inTable)
        {
            _inTable = true;
            Line("\n| what | figure | yardstick | ratio | target | met |\n|---|---|---|---|---|---|");
        }

        var met = row.IsMet switch { true => "yes", false => "**no**", null => "" };
        Line($"| {row.What} | {row.Figure} | {row.Yardstick} | {row.Ratio} | {row.Target} | {met} |");
    }

    /// <summary>Adds a paragraph.</summary>
    public void Note(string text)
    {
        _inTable = false;
        Line($"\n{text}");
    }

    /// <summary>Writes <c>bench/results/{scenario}.md</c>.</summary>
    public async Task WriteAsync()
    {
        var directory = Path.Combine(Repository.Root, "bench", "results");
        Directory.CreateDirectory(directory);
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var path = Path.Combine(directory, scenario + ".md");
        var stolen = _stolen.Describe() is { Length: > 0 } share ? $"; {share} meanwhile" : "";
        await File.WriteAllTextAsync(path, $"# {scenario}\n\n- Date: {date}\n- Machine: {Machine.Describe()}{stolen}\n- Command: `{command}`\n{_text}");
        await Console.Out.WriteLineAsync($"\nWritten: bench/results/{scenario}.md");
    }

    private void Line(string text)
    {
        _text.Append(text).Append('\n');
        Console.Out.WriteLine(text);
    }
}
