using System.Reflection;

namespace OrleansModules.Architecture.Tests;

public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["OrleansModules.Core"] = [],
        ["OrleansModules.Api"] = ["OrleansModules.Core"],
        ["OrleansModules.Storage"] = ["OrleansModules.Core"],
        ["OrleansModules.Client"] = [],
        ["OrleansModules.Client.AspNetCore"] = ["OrleansModules.Client"],
        ["OrleansModules.Client.FeatureManagement"] = ["OrleansModules.Client"],
        ["OrleansModules.Server"] = ["OrleansModules.Api", "OrleansModules.Core", "OrleansModules.Storage"],
        ["OrleansModules.Grains"] = ["OrleansModules.Core"],
        ["OrleansModules.Silo"] = ["OrleansModules.Api", "OrleansModules.Core", "OrleansModules.Grains", "OrleansModules.Storage"],
    };

    /// <summary>The assemblies of every configuration; those of the cluster are built in configuration Cluster alone.</summary>
    public static TheoryData<string> Assemblies => [.. Allowed.Keys.Except(["OrleansModules.Grains", "OrleansModules.Silo"], StringComparer.Ordinal)];

    [Fact]
    public void Projects_refer_only_downwards()
    {
        foreach (var project in Repository.Projects("src"))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is new: say in this test what it may refer to.");
            var references = Repository.Items(project, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')));
            Assert.Empty(references.Except(allowed!, StringComparer.Ordinal)); // asserted above
        }
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_refers_only_downwards(string name) =>
        Assert.Empty(References(name).Where(r => r.StartsWith("OrleansModules.", StringComparison.Ordinal)).Except(Allowed[name], StringComparer.Ordinal));

    [Fact]
    public void Core_knows_no_web_no_database_and_no_files() => Assert.DoesNotContain(References("OrleansModules.Core"), r =>
        r.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || r.StartsWith("Npgsql", StringComparison.Ordinal) || r.StartsWith("System.IO.FileSystem", StringComparison.Ordinal)
        || r.StartsWith("System.Net", StringComparison.Ordinal) || r.StartsWith("System.Data", StringComparison.Ordinal));

    [Fact]
    public void Core_names_no_type_of_files()
    {
        var files = new[] { typeof(File), typeof(FileStream), typeof(Directory), typeof(FileInfo), typeof(RandomAccess) }.Select(t => t.Name).ToArray();
        foreach (var source in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "OrleansModules.Core"), "*.cs", SearchOption.AllDirectories).Where(IsWritten))
        {
            var text = File.ReadAllText(source);
            Assert.All(files, f => Assert.False(text.Contains($" {f}.", StringComparison.Ordinal) || text.Contains($"new {f}(", StringComparison.Ordinal), $"{source} uses {f}"));
        }
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Only_storage_may_know_the_database(string name) =>
        Assert.True(name is "OrleansModules.Storage" || !References(name).Contains("Npgsql", StringComparer.Ordinal));

    [Fact]
    public void Versions_of_packages_are_central() =>
        Assert.All(Repository.Projects("src").Concat(Repository.Projects("tests")), p => Assert.DoesNotContain(" Version=", File.ReadAllText(p), StringComparison.Ordinal));

    private static bool IsWritten(string path) => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static string[] References(string name) => [.. Assembly.Load(name).GetReferencedAssemblies().Select(a => a.Name).OfType<string>()];
}
