using System.Text.RegularExpressions;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

[Requirement("B20", "The first administrator signs in, and nobody else does")]
public sealed partial class FirstTokenTests
{
    private const string Setting = "Modules__BootstrapToken";

    [Fact]
    public async Task First_start_prints_a_token_once_that_opens_everything_and_later_starts_print_none()
    {
        using var directory = new TempDirectory();
        var setup = ServerSetup.In(directory).Without(Setting);
        string token;
        await using (var server = await ServerProcess.StartAsync(setup))
        {
            token = Assert.Single(Tokens(server.Output));
            Assert.DoesNotContain(server.Output, l => l.StartsWith("info", StringComparison.Ordinal) && l.Contains(token, StringComparison.Ordinal));
            await AssertOpensAsync(server, token);
            using var guess = new ModulesClient(server.Address!, "x" + token);
            (await guess.GetAsync("/modules")).Is(401);
            Assert.Equal(0, (await server.StopAsync()).Code);
        }

        await using var again = await ServerProcess.StartAsync(setup);
        Assert.Empty(Tokens(again.Output));
        await AssertOpensAsync(again, token);
        Assert.DoesNotContain(token, string.Join('\n', Directory.EnumerateFiles(directory.Data, "*.journal").Select(ReadAll)), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory.Data, "access.key")));
        }
    }

    [Fact]
    public async Task Start_where_others_can_reach_it_is_taken_once_somebody_can_sign_in()
    {
        using var directory = new TempDirectory();
        var setup = ServerSetup.In(directory).Without(Setting);
        var open = setup with { Urls = "http://0.0.0.0:0" };
        (await ServerProcess.RunAsync(open)).AssertCannotStart();
        Assert.False(Directory.Exists(directory.Data));
        Directory.CreateDirectory(directory.Data);
        Assert.Contains("nobody could sign in", (await ServerProcess.RunAsync(open)).AssertCannotStart(), StringComparison.Ordinal);
        await using (var first = await ServerProcess.StartAsync(setup))
        {
            Assert.Equal(0, (await first.StopAsync()).Code);
        }

        await using var server = await ServerProcess.StartAsync(open);
        Assert.Empty(Tokens(server.Output));
    }

    [Fact]
    public async Task Token_of_the_configuration_takes_the_place_of_a_printed_one()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory) with { Urls = "http://0.0.0.0:0" });
        Assert.Empty(Tokens(server.Output));
        Assert.DoesNotContain(server.Output, l => l.Contains(ServerSetup.Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Modules__BootstrapToken", "too-short")]
    [InlineData("Modules__BootstrapToken", "with spaces with spaces with spaces")]
    [InlineData("Modules__Access__TokenKey", "too-short")]
    [InlineData("Modules__Access__VerifiedFor", "01:00:00")]
    [InlineData("Modules__Audit__MaxSegments", "1")]
    public async Task Start_with_a_faulty_setting_of_access_is_refused_by_its_name_and_never_shows_it(string name, string value)
    {
        using var directory = new TempDirectory();
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With(name, value))).AssertCannotStart();
        Assert.Contains(name.Split("__")[^1], line, StringComparison.Ordinal);
        Assert.False(name.Contains("Token", StringComparison.Ordinal) && line.Contains(value, StringComparison.Ordinal), line);
    }

    private static async Task AssertOpensAsync(ServerProcess server, string token)
    {
        using var client = new ModulesClient(server.Address!, token);
        Assert.Equal("machine", (await client.GetAsync("/whoami")).Is(200).Text("kind"));
        (await client.PutAsync("/orgs/acme", "{}")).IsDone();
    }

    private static IEnumerable<string> Tokens(IEnumerable<string> lines) => lines.Select(l => TokenPattern().Match(l)).Where(m => m.Success).Select(m => m.Value);

    private static string ReadAll(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"omt_[A-Za-z0-9_-]+\.[a-z0-9]+\.[A-Za-z0-9_-]{47}", RegexOptions.None, 1000)]
    private static partial Regex TokenPattern();
}
