using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;

namespace OrleansModules.Server.Tests.Startup;

/// <summary>Secrets from files: those that containers mount, and the key that the server keeps itself.</summary>
[Requirement("B20", "Secrets come from files or the environment")]
public sealed class SecretFilesTests
{
    private const string Token = "a-token-that-lies-in-a-file-of-its-own";
    private const string Directory = "Modules__SecretsDirectory";

    [Fact]
    public async Task Secret_in_a_file_goes_before_all_other_settings_and_its_line_end_does_not_count()
    {
        using var directory = new TempDirectory();
        await WriteAsync(directory, "Modules__BootstrapToken", Token + "\n");
        await WriteAsync(directory, "Modules__Access__TokenKey", new string('k', 32));
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory).With(Directory, directory.Path));

        using var byFile = new ModulesClient(server.Address!, Token);
        (await byFile.GetAsync("/whoami")).Is(200);
        (await server.Client.GetAsync("/whoami")).Is(401);
        Assert.False(File.Exists(Path.Combine(directory.Data, "access.key")));
    }

    [Fact]
    public async Task Directory_that_is_not_there_is_named_with_all_other_faults()
    {
        using var directory = new TempDirectory();
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With(Directory, "/not/there").With("Modules__Api__MaxBatch", "0"))).AssertCannotStart();
        Assert.Contains("Modules:SecretsDirectory must name a directory that exists, got '/not/there'", line, StringComparison.Ordinal);
        Assert.Contains("MaxBatch", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_read_is_named()
    {
        using var directory = new TempDirectory();
        File.CreateSymbolicLink(Path.Combine(directory.Path, "Modules__BootstrapToken"), Path.Combine(directory.Path, "gone"));
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With(Directory, directory.Path))).AssertCannotStart();
        Assert.Contains("a file in Modules:SecretsDirectory cannot be read", line, StringComparison.Ordinal);
        Assert.Contains("Modules__BootstrapToken", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Modules__BootstrapToken", "")]
    [InlineData("Modules__BootstrapToken", "short\n")]
    [InlineData("Modules__Access__TokenKey", "")]
    [InlineData("Modules__Access__TokenKey", "31-characters-are-one-too-few-.\n")]
    public async Task Secret_that_is_no_good_is_named_and_not_shown(string name, string text)
    {
        using var directory = new TempDirectory();
        await WriteAsync(directory, name, text);
        var line = (await ServerProcess.RunAsync(ServerSetup.In(directory).With(Directory, directory.Path))).AssertCannotStart();
        Assert.Contains(name.Split("__")[^1], line, StringComparison.Ordinal);
        Assert.False(text.Length > 0 && line.Contains(text.TrimEnd(), StringComparison.Ordinal), line);
    }

    [Fact]
    public async Task Key_file_of_another_length_or_that_cannot_be_read_is_named()
    {
        using var directory = new TempDirectory();
        var path = Path.Combine(System.IO.Directory.CreateDirectory(directory.Data).FullName, "access.key");
        await File.WriteAllBytesAsync(path, new byte[31]);
        Assert.Contains($"{path} has 31 bytes, not 32", (await ServerProcess.RunAsync(ServerSetup.In(directory))).AssertCannotStart(), StringComparison.Ordinal);
        File.Delete(path);
        System.IO.Directory.CreateDirectory(path);
        Assert.Contains($"{path} cannot be read", (await ServerProcess.RunAsync(ServerSetup.In(directory))).AssertCannotStart(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, true)]
    public async Task Key_file_that_others_may_read_is_warned_of(UnixFileMode mode, bool isWarned)
    {
        using var directory = new TempDirectory();
        if (OperatingSystem.IsWindows())
        {
            return; // has no such modes
        }

        var path = Path.Combine(System.IO.Directory.CreateDirectory(directory.Data).FullName, "access.key");
        await File.WriteAllBytesAsync(path, new byte[32]);
        File.SetUnixFileMode(path, mode);
        await using var server = await ServerProcess.StartAsync(ServerSetup.In(directory));
        Assert.Equal(isWarned, server.Output.Any(l => l.Contains($"may read or write {path}", StringComparison.Ordinal)));
    }

    private static Task WriteAsync(TempDirectory directory, string name, string text) => File.WriteAllTextAsync(Path.Combine(directory.Path, name), text);
}
