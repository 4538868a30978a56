using System.Reflection;
using System.Text.RegularExpressions;
using OrleansModules.Api;
using OrleansModules.Api.Access;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Server.Startup;
using OrleansModules.Silo.Startup;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Silo.Tests;

/// <summary>The files that start silos, and the settings that silos know.</summary>
public sealed partial class DeploymentTests
{
    // A setting nobody knows is not refused at start: it does nothing.
    private static readonly IReadOnlySet<string> Known = new[]
    {
        Names(ServerOptions.Section, typeof(ServerOptions)), Names(ClusterOptions.Section, typeof(ClusterOptions)), Names($"{ClusterOptions.Section}:Outbox", typeof(OutboxOptions)),
        Names($"{ServerOptions.Section}:Follow", typeof(FollowOptions)), Names(AccessOptions.Section, typeof(AccessOptions)), Names(OpenFeatureOptions.Section, typeof(OpenFeatureOptions)),
        Names(ApiOptions.Section, typeof(ApiOptions)), ["ConnectionStrings:Modules", "Modules:SecretsDirectory"],
    }.SelectMany(n => n).ToHashSet(StringComparer.Ordinal);

    private static readonly string[] Needed = ["ConnectionStrings:Modules", "Modules:Access:TokenKey", "Modules:BootstrapToken", "Modules:OpenFeature:StreamKey", "Modules:Cluster:Address"];

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("deploy/kubernetes/silos.yaml")]
    public async Task File_that_starts_silos_sets_what_they_need_and_nothing_they_do_not_know(string file)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(SqlScripts.Directory, "..", file));

        // Comments name settings too: those that the secret is made of.
        var set = lines.SelectMany(l => Setting().Matches(l)).Select(m => m.Value.Replace("__", ":", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(set.Except(Known));
        Assert.Empty(Needed.Except(set));
    }

    private static IEnumerable<string> Names(string section, Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => $"{section}:{p.Name}");

    [GeneratedRegex("(Modules|ConnectionStrings)__[A-Za-z0-9_]+")]
    private static partial Regex Setting();
}
