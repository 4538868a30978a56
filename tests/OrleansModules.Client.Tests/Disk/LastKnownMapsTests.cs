using OrleansModules.Client.Disk;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Disk;

public sealed class LastKnownMapsTests : IDisposable
{
    private readonly string _directory = Path.Combine(Directory.CreateTempSubdirectory("modules-client-").FullName, "maps");
    private readonly ManualTime _time = new();

    private string RedPath => Path.Combine(_directory, MapFile.NameOf(ClientFixture.Red));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_directory)!, recursive: true);

    [Fact]
    [Requirement("C5")]
    public async Task Service_away_at_start_is_bridged_by_the_last_known_map()
    {
        await KeepAsync();
        _time.Advance(TimeSpan.FromHours(3));
        await using var fixture = Away();
        Assert.True((await fixture.Client.GetAsync(ClientFixture.Red))!.IsAvailable("chat"));
        await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal((CopyState.Stale, TimeSpan.FromHours(3), CopyProblem.Unreachable), (fixture.Status.State, fixture.Status.Age, fixture.Status.Problem));
    }

    [Fact]
    public async Task Age_counts_from_the_last_confirmation_not_from_the_last_change()
    {
        await using (var fixture = New())
        {
            var stream = await fixture.FollowAsync();
            _time.Advance(TimeSpan.FromSeconds(40));
            await stream.SendAsync(": keep-alive\n\n");
        }

        _time.Advance(TimeSpan.FromMinutes(5));
        await using var next = Away();
        await next.Client.GetAsync(ClientFixture.Red);
        Assert.Equal(TimeSpan.FromMinutes(5), next.Status.Age);
    }

    [Fact]
    public async Task Kept_map_is_stale_until_the_service_confirms_it()
    {
        await KeepAsync();
        await using var fixture = New();
        var held = new TaskCompletionSource();
        fixture.Service.Before = (_, token) => held.Task.WaitAsync(token);
        fixture.Service.OnMap = _ => new HttpResponseMessage(HttpStatusCode.NotModified);
        await fixture.Client.GetAsync(ClientFixture.Red);
        Assert.True(fixture.Status.IsStale);
        held.SetResult();
        await (await fixture.Service.StreamAsync()).SendVersionAsync("s1.o1.w1");
        Assert.Equal(CopyState.Fresh, fixture.Status.State);
        Assert.Equal("\"s1.o1.w1\"", fixture.Service.Requests.First().Headers.IfNoneMatch.Single().Tag);
    }

    [Fact]
    [Requirement("L7")]
    public async Task Versions_do_not_go_back_over_a_restart()
    {
        await KeepAsync("s5.o5.w5");
        await using var fixture = New();
        fixture.Service.OnMap = _ => ScriptedService.Map("s4.o5.w5");
        Assert.Equal("s5.o5.w5", (await fixture.Client.GetAsync(ClientFixture.Red))!.Version.ToString());
        await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(("s5.o5.w5", CopyProblem.Behind), (fixture.Status.Version.ToString(), fixture.Status.Problem));
    }

    [Fact]
    public async Task Clock_that_went_back_makes_no_negative_age()
    {
        await KeepAsync();
        _time.JumpWall(TimeSpan.FromDays(-10));
        await using var fixture = Away();
        await fixture.Client.GetAsync(ClientFixture.Red);
        Assert.Equal((CopyState.Stale, TimeSpan.Zero), (fixture.Status.State, fixture.Status.Age));
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("flipped")]
    [InlineData("noise")]
    [InlineData("null")]
    [InlineData("other format")]
    public async Task Damaged_file_is_ignored_with_a_line_in_the_log(string damage)
    {
        await KeepAsync();
        var bytes = await File.ReadAllBytesAsync(RedPath);
        await File.WriteAllBytesAsync(RedPath, damage switch
        {
            "empty" => [],
            "cut" => bytes[..^10],
            "flipped" => [.. bytes[..^20], (byte)(bytes[^20] ^ 1), .. bytes[^19..]],
            "noise" => [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 31))],
            "null" => "null\n"u8.ToArray(),
            _ => [.. "{\"format\":2}\n"u8, .. bytes],
        });
        await using var fixture = Away();
        Assert.Null(await fixture.Client.GetAsync(ClientFixture.Red));
        Assert.Equal(CopyState.Unknown, fixture.Status.State);
        Assert.Equal(1, fixture.Log.Count(7));
    }

    [Fact]
    public async Task Map_of_another_service_or_scope_is_ignored()
    {
        await KeepAsync();
        File.Copy(RedPath, Path.Combine(_directory, MapFile.NameOf(ModuleScope.Workspace("blue"))));
        await using var fixture = Away(o => o.Address = new Uri("http://elsewhere.test"));
        Assert.Null(await fixture.Client.GetAsync(ClientFixture.Red));
        await using var same = Away();
        Assert.Null(await same.Client.GetAsync(ModuleScope.Workspace("blue")));
        Assert.Equal((1, 1), (fixture.Log.Count(7), same.Log.Count(7)));
    }

    [Fact]
    public async Task Deleted_scope_is_forgotten_on_disk_too()
    {
        await KeepAsync();
        await using (var fixture = New())
        {
            fixture.Service.OnMap = _ => ScriptedService.Problem(404, "workspace-not-found");
            await fixture.Client.GetAsync(ClientFixture.Red);
            await fixture.Time.ArmedAsync(TimeSpan.FromMilliseconds(500));
        }

        Assert.False(File.Exists(RedPath));
    }

    [Fact]
    public async Task Directory_that_cannot_be_written_costs_a_line_in_the_log()
    {
        await File.WriteAllTextAsync(_directory, "a file where the directory should be");
        await using var fixture = New();
        await fixture.FollowAsync();
        await fixture.DisposeAsync();
        Assert.True(fixture.Client.IsAvailable(ClientFixture.Red, "chat"));
        Assert.Contains(fixture.Log.Lines, l => l.Id == 8);
    }

    [Fact]
    public void Ids_that_differ_by_case_have_files_that_differ_by_more() =>
        Assert.NotEqual(MapFile.NameOf(ModuleScope.Workspace("a")), MapFile.NameOf(ModuleScope.Workspace("A")), StringComparer.OrdinalIgnoreCase);

    private async Task KeepAsync(string version = "s1.o1.w1")
    {
        await using (var fixture = New())
        {
            fixture.Service.OnMap = _ => ScriptedService.Map(version, Maps.Module("chat"));
            await fixture.FollowAsync(version);
        }

        Assert.Equal([RedPath], Directory.GetFiles(_directory));
    }

    private ClientFixture New(Action<ModulesClientOptions>? configure = null) => new(
        o =>
        {
            o.CacheDirectory = _directory;
            configure?.Invoke(o);
        },
        time: _time);

    private ClientFixture Away(Action<ModulesClientOptions>? configure = null) => new(
        o =>
        {
            o.CacheDirectory = _directory;
            configure?.Invoke(o);
        },
        new ScriptedService { OnMap = _ => throw new HttpRequestException("Connection refused") },
        _time);
}
