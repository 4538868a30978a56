using System.Globalization;
using System.Text;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

public sealed class JournalDamageTests
{
    private const int Orgs = 20;

    [Fact]
    public async Task Start_on_a_journal_damaged_in_the_middle_is_refused_by_file_and_offset()
    {
        using var directory = new TempDirectory();
        var file = await WriteJournalAsync(directory);
        var bytes = await File.ReadAllBytesAsync(file);
        var line = bytes.AsSpan(0, bytes.Length / 2).LastIndexOf((byte)'\n') + 1;
        bytes[line + 20] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var refusal = (await ServerProcess.RunAsync(ServerSetup.In(directory))).AssertCannotStart();
        Assert.Contains(file, refusal, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"at byte {line}:"), refusal, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("garbage\nmore garbage\n")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [Requirement("L7", "An acknowledged change is durable and is never lost")]
    public async Task Start_on_a_journal_with_a_torn_tail_cuts_it_and_warns(string tail)
    {
        using var directory = new TempDirectory();
        var file = await WriteJournalAsync(directory);
        var whole = await File.ReadAllBytesAsync(file);
        await File.AppendAllTextAsync(file, tail);

        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        var warning = Assert.Single(server.Output, l => l.StartsWith("warn", StringComparison.Ordinal));
        Assert.Contains(file, warning, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"at byte {whole.Length}: {Encoding.UTF8.GetByteCount(tail)} byte(s)"), warning, StringComparison.Ordinal);
        Assert.Equal(Orgs, await CountOrgsAsync(server));
        Assert.Equal(Orgs + 1, (await server.Client.PutAsync("/orgs/one-more", "{}")).Is(201).Body.GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task Start_on_a_journal_whose_last_line_was_cut_loses_that_line_only()
    {
        using var directory = new TempDirectory();
        var file = await WriteJournalAsync(directory);
        var whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole[..^10]);

        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        Assert.Single(server.Output, l => l.StartsWith("warn", StringComparison.Ordinal) && l.Contains(file, StringComparison.Ordinal));
        Assert.Equal(Orgs - 1, await CountOrgsAsync(server));
        Assert.Equal(Orgs, (await server.Client.PutAsync("/orgs/one-more", "{}")).Is(201).Body.GetProperty("position").GetInt64());
    }

    private static async Task<string> WriteJournalAsync(TempDirectory directory)
    {
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        for (var i = 0; i < Orgs; i++)
        {
            (await server.Client.PutAsync(string.Create(CultureInfo.InvariantCulture, $"/orgs/org-{i}"), "{}")).Is(201);
        }

        Assert.Equal(0, (await server.StopAsync()).Code);
        return Assert.Single(Directory.GetFiles(directory.Data, "*.journal"));
    }

    private static async Task<int> CountOrgsAsync(ServerProcess server) => (await server.Client.GetAsync("/orgs?limit=100")).Is(200).Body.GetProperty("orgs").GetArrayLength();
}
