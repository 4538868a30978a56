using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansModules.Api;
using OrleansModules.Api.Access;
using OrleansModules.Api.Problems;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Processes;
using OrleansModules.Bench.Tree;
using OrleansModules.Core.Access;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Usage;

namespace OrleansModules.Bench.Access;

/// <summary>The product's Api in a host of the benchmarks, with its gate or without it.</summary>
/// <remarks>
/// Without the gate is what no setting of the product can do: this host puts together the product's parts but for the gate. Hot reads need
/// nothing of it; every other route of that host fails.
/// </remarks>
internal static class GateServer
{
    /// <summary>The first argument of this program that runs it.</summary>
    public const string Scenario = "gate";

    /// <summary>The workspace that is read.</summary>
    public const string Workspace = "5b8f6d0e-3f0b-4a62-9a53-1d2f0c6e7a10";

    /// <summary>Its organization.</summary>
    public const string Org = "0f4c2f6e-8a7d-4f0e-b0a5-6a3f8d1c9e01";

    /// <summary>Serves until it is killed. <c>--modules 3 --keys file --token text --urls ... [--open]</c>.</summary>
    public static async Task RunAsync(BenchArgs args)
    {
        var (modules, keys, token, urls, isOpen) = (args.Number("--modules", 3), args.Text("--keys")!, args.Text("--token")!, args.Text("--urls")!, args.Has("--open")); // given by who starts it
        args.RefuseOthers();
        var tree = new SampleTree(new DiscardingStore());
        await tree.StartAsync();
        await tree.AddModulesAsync(modules);
        await tree.ChangeAsync(ScopeId.Org(Org), new ScopeCommand.PutScope(null, null));
        await tree.ChangeAsync(ScopeId.Workspace(Workspace), new ScopeCommand.PutScope(null, Org));
        var secrets = new AccessSecrets(new byte[AccessSecrets.MinKeyBytes], null);
        await tree.ChangeAsync(ScopeId.Org(Org), new ScopeCommand.CreateToken(Known(token, secrets)));

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // as the product has it
        builder.Configuration[$"{SampleProvider.Section}:Issuer"] = SampleProvider.Issuer;
        builder.Configuration[$"{SampleProvider.Section}:Audience"] = SampleProvider.Audience;
        builder.Configuration[$"{SampleProvider.Section}:JwksFile"] = keys;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(secrets);
        builder.Services.AddSingleton<IAuditLog, NoAudit>();
        using var files = new TemporaryDirectory();
        builder.Services.AddSingleton<IUsageStore>(new UsageFiles(files.Path));
        builder.Services.AddSingleton<IModuleEngine>(tree.Engine);
        builder.Services.AddModulesApi();
        await using var app = builder.Build();
        if (isOpen)
        {
            app.UseMiddleware<ProblemMiddleware>();
            app.UseMiddleware<OpenPath>();
        }
        else
        {
            app.UseModulesApi();
        }

        app.MapModulesApi();
        await app.RunAsync();
    }

    private static AccessToken Known(string text, AccessSecrets secrets)
    {
        var now = DateTime.UnixEpoch;
        return TokenText.TryParse(text, out _, out var id)
            ? new AccessToken(id, "bench", ScopeRole.Shell, now, null, [new TokenSecret(secrets.Hash(text), now, null)])
            : throw new BenchException("--token takes an API token.");
    }

    // Allowed reads have no entry.
    private sealed class NoAudit : IAuditLog
    {
        public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<AuditEntry>>([]);
    }
}
