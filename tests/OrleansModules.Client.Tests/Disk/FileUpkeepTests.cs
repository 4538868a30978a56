using System.Text;
using OrleansModules.Client.Disk;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Disk;

/// <summary>Which files stay, what their times say, and what becomes of writes that failed.</summary>
[Requirement("C5")]
public sealed class FileUpkeepTests : IDisposable
{
    private static readonly ModuleScope Blue = ModuleScope.Workspace("blue");

    private readonly string _directory = Path.Combine(Directory.CreateTempSubdirectory("modules-client-").FullName, "maps");
    private readonly ManualTime _time = new();

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_directory)!, recursive: true);

    [Fact]
    public async Task Time_of_a_file_follows_confirmations_though_nothing_changes()
    {
        await using var fixture = New();
        var stream = await fixture.FollowAsync();
        for (var beat = 0; beat < 13; beat++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await stream.SendAsync(": keep-alive\n\n");
        }

        var touched = Now - TimeSpan.FromMinutes(5); // at one hour
        await CrashAsync(fixture);
        Assert.Equal(touched, File.GetLastWriteTimeUtc(PathOf(ClientFixture.Red)));
    }

    [Fact]
    public async Task Confirmation_counts_only_for_the_version_in_the_file()
    {
        await using var maps = Maps();
        await SaveAsync(ClientFixture.Red, "s1.o1.w1");
        var written = Now;
        await maps.TouchAsync(ClientFixture.Red, new MapVersion(2, 1, 1), _time.GetUtcNow().AddHours(2));
        Assert.Equal(written, File.GetLastWriteTimeUtc(PathOf(ClientFixture.Red)));
        await maps.TouchAsync(ClientFixture.Red, new MapVersion(1, 1, 1), _time.GetUtcNow().AddHours(1));
        Assert.Equal(written.AddHours(1), File.GetLastWriteTimeUtc(PathOf(ClientFixture.Red)));
    }

    [Fact]
    public async Task Files_go_when_nobody_confirmed_them_for_a_month_and_nobody_follows_them()
    {
        await SaveAsync(ClientFixture.Red, "s1.o1.w1");
        var (old, young, half, youngHalf) = (Put("workspace-old-00000000.map", 31), Put("workspace-young-00000000.map", 29), Put("workspace-x-00000000.map.0.tmp", 2), Put("workspace-y-00000000.map.0.tmp", 0));
        Date(PathOf(ClientFixture.Red), 400);
        await using var fixture = New();
        fixture.Service.OnMap = r => r.RequestUri!.AbsolutePath.Contains("/red/", StringComparison.Ordinal) ? ScriptedService.Problem(503, "busy") : ScriptedService.Map("s1.o1.w1");
        await fixture.Client.GetAsync(ClientFixture.Red);
        await fixture.Client.GetAsync(Blue);
        await fixture.Service.StreamAsync(); // its file is waiting to be written by then
        await CrashAsync(fixture);
        Assert.Equal((false, true, false, true), (File.Exists(old), File.Exists(young), File.Exists(half), File.Exists(youngHalf)));
        Assert.True(File.Exists(PathOf(ClientFixture.Red)), "The file of a followed scope was removed.");
    }

    [Fact]
    public async Task Files_are_looked_through_again_as_time_goes_by()
    {
        Directory.CreateDirectory(_directory);
        var first = Put("workspace-first-00000000.map", 31);
        await using var fixture = New();
        var stream = await fixture.FollowAsync();
        await UntilAsync(stream, () => !File.Exists(first));
        var old = Put("workspace-old-00000000.map", 31);
        for (var beat = 0; beat < 13; beat++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await stream.SendAsync(": keep-alive\n\n");
        }

        await CrashAsync(fixture);
        Assert.False(File.Exists(old));
    }

    [Fact]
    [Requirement("L7")]
    public async Task Map_that_could_not_be_written_is_written_with_a_later_confirmation()
    {
        await File.WriteAllTextAsync(_directory, "a file where the directory should be");
        await using var fixture = New();
        var stream = await fixture.FollowAsync();
        await UntilAsync(stream, () => fixture.Log.Count(8) == 1);
        File.Delete(_directory);
        await UntilAsync(stream, () => File.Exists(PathOf(ClientFixture.Red)));
        Assert.Equal(1, fixture.Log.Count(8));
    }

    [Fact]
    [Requirement("L7")]
    public async Task Map_that_could_not_be_written_is_written_at_the_end()
    {
        await File.WriteAllTextAsync(_directory, "a file where the directory should be");
        await using (var fixture = New())
        {
            var stream = await fixture.FollowAsync();
            await UntilAsync(stream, () => fixture.Log.Count(8) == 1);
            File.Delete(_directory);
        }

        Assert.Equal(new MapVersion(1, 1, 1), await MapFile.ReadVersionAsync(PathOf(ClientFixture.Red)));
    }

    [Fact]
    public async Task File_is_for_its_owner_only()
    {
        await SaveAsync(ClientFixture.Red, "s1.o1.w1");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(ClientFixture.Red)));
        }
    }

    [Fact]
    public async Task File_larger_than_a_map_may_be_is_not_read()
    {
        await SaveAsync(ClientFixture.Red, "s1.o1.w1", Hosting.Maps.Module("chat", config: $$"""{"a":"{{new string('a', 20_000)}}"}"""));
        await using var fixture = New(o => o.MaxMapBytes = 1024);
        fixture.Service.OnMap = _ => throw new HttpRequestException("Connection refused");
        Assert.Null(await fixture.Client.GetAsync(ClientFixture.Red));
        Assert.Contains(fixture.Log.Lines, l => l.Id == 7 && l.Message.Contains("larger", StringComparison.Ordinal));
    }

    // Every heartbeat is an occasion to try again.
    private static async Task UntilAsync(ServerStream stream, Func<bool> isSo)
    {
        for (var beat = 0; !isSo(); beat++)
        {
            Assert.True(beat < 100_000, "It never came.");
            await stream.SendAsync(": keep-alive\n\n");
        }
    }

    // What is queued is written; nothing else is done as it is at an orderly end.
    private static async Task CrashAsync(ClientFixture fixture)
    {
        fixture.Client.Dispose();
        await fixture.Client.DisposeAsync();
    }

    private string PathOf(ModuleScope scope) => Path.Combine(_directory, MapFile.NameOf(scope));

    private string Put(string name, int daysAgo)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, "x");
        Date(path, daysAgo);
        return path;
    }

    private void Date(string path, int daysAgo) => File.SetLastWriteTimeUtc(path, Now.AddDays(-daysAgo));

    private async Task SaveAsync(ModuleScope scope, string version, params string[] modules)
    {
        await using var maps = Maps();
        Assert.True(MapVersion.TryParse(version, out var parsed));
        maps.Save(scope, parsed, Encoding.UTF8.GetBytes(Hosting.Maps.Map(version, modules)));
    }

    private LastKnownMaps Maps()
    {
        var options = new ModulesClientOptions { Address = new Uri("http://modules.test/base") };
        return new LastKnownMaps(_directory, options, () => [], _time, new TestLog());
    }

    private ClientFixture New(Action<ModulesClientOptions>? configure = null) => new(
        o =>
        {
            o.CacheDirectory = _directory;
            o.StreamSilence = TimeSpan.FromMinutes(10);
            configure?.Invoke(o);
        },
        time: _time);
}
