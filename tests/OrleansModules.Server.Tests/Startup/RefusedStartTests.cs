using System.Globalization;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

public sealed class RefusedStartTests
{
    private const string TokenSetting = "Modules__BootstrapToken";

    [Fact]
    public async Task Start_on_a_taken_port_is_refused_in_one_line()
    {
        using var directory = new TempDirectory();
        using var other = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        var line = (await ServerProcess.RunAsync(ServerSetup.In(other) with { Urls = server.Address!.GetLeftPart(UriPartial.Authority) })).AssertCannotStart();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $":{server.Address.Port}"), line, StringComparison.Ordinal);
        Assert.Contains("in use", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_on_a_directory_that_another_server_has_is_refused_and_disturbs_nobody()
    {
        using var directory = new TempDirectory();
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory))).AssertCannotStart();
        Assert.Contains(directory.Data, line, StringComparison.Ordinal);
        Assert.Contains("in use by another process", line, StringComparison.Ordinal);
        (await server.Client.PutAsync("/orgs/acme", "{}")).Is(201);
    }

    [Fact]
    public async Task Start_with_a_data_directory_under_a_file_is_refused()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "file");
        await File.WriteAllTextAsync(file, "");
        var line = (await ServerProcess.RunAsync(new ServerSetup(Path.Combine(file, "data"), directory.Path))).AssertCannotStart();
        Assert.Contains(Path.Combine(file, "data"), line, StringComparison.Ordinal);
        Assert.Contains("cannot be created or written", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_with_several_wrong_settings_names_all_of_them_and_creates_nothing()
    {
        using var directory = new TempDirectory();
        var setup = ServerSetup.In(directory).Without(TokenSetting).With("Modules__Api__MaxBatch", "0").With("Modules__Api__MaxBodyBytes", "1").With("Modules__Journal__SegmentBytes", "7")
            .With("Modules__HostVersion", "x") with { Urls = "http://0.0.0.0:0" };
        var line = (await ServerProcess.RunAsync(setup)).AssertCannotStart();
        Assert.All(["MaxBatch", "MaxBodyBytes", "SegmentBytes", "HostVersion", "http://0.0.0.0:0"], name => Assert.Contains(name, line, StringComparison.Ordinal));
        Assert.False(Directory.Exists(directory.Data));
    }

    [Theory]
    [InlineData("Modules__Demo", "perhaps")]
    [InlineData("Modules__Api__MaxBatch", "many")]
    [InlineData("Modules__Api__HeartbeatInterval", "often")]
    [InlineData("Modules__Journal__SegmentBytes", "large")]
    public async Task Start_with_a_setting_of_the_wrong_type_is_refused_by_its_name(string name, string value)
    {
        using var directory = new TempDirectory();
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With(name, value))).AssertCannotStart();
        Assert.Contains(name.Replace("__", ":", StringComparison.Ordinal), line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://example.com:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    [InlineData("127.0.0.1")]
    public async Task Start_where_others_can_reach_it_is_refused_while_nobody_could_sign_in(string urls)
    {
        using var directory = new TempDirectory();
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).Without(TokenSetting) with { Urls = urls })).AssertCannotStart();
        Assert.Contains("no loopback address", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://unix:/nonexistent/socket")]
    public async Task Start_where_nothing_can_listen_is_refused_in_one_line(string urls)
    {
        using var directory = new TempDirectory();
        Assert.Contains(urls, (await ServerProcess.RunAsync(ServerSetup.In(directory) with { Urls = urls })).AssertCannotStart(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kestrel__Endpoints__Open__Url", "http://0.0.0.0:0")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("HTTP_PORTS", "0")]
    public async Task Start_without_a_token_never_listens_where_others_can_reach_it_whatever_the_setting(string name, string value)
    {
        using var directory = new TempDirectory();
        var setup = ServerSetup.In(directory).Without(TokenSetting).With(name, value);
        if (name.StartsWith("Kestrel", StringComparison.Ordinal))
        {
            Assert.Contains(value, (await ServerProcess.RunAsync(setup)).AssertCannotStart(), StringComparison.Ordinal);
            return;
        }

        await using var server = await ServerProcess.StartAsync(setup);
        Assert.All(server.Output.Where(l => l.Contains("Ready on", StringComparison.Ordinal)), l => Assert.Matches(@"Ready on http://127\.0\.0\.1:\d+ with", l));
    }
}
