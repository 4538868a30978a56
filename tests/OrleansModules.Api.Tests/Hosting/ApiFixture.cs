using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Api.Access;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Audit;
using OrleansModules.Storage.Journal;
using OrleansModules.Storage.Usage;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>The whole API on an embedded engine, with its journal in a directory of its own that goes away afterwards.</summary>
internal sealed class ApiFixture : IAsyncDisposable
{
    private readonly string _directory;

    private ApiFixture(string directory, WebApplication app, HttpClient client, FailingStore store) =>
        (_directory, App, Client, Store) = (directory, app, client, store);

    /// <summary>The token of the configuration, which <see cref="Client"/> sends where a request has no credential of its own.</summary>
    public const string Bootstrap = "bootstrap-token-of-the-tests";

    /// <summary>The application, started.</summary>
    public WebApplication App { get; }

    /// <summary>A client of it.</summary>
    public HttpClient Client { get; }

    /// <summary>The store, which can be told to fail.</summary>
    public FailingStore Store { get; }

    /// <summary>Starts an application.</summary>
    /// <param name="onKestrel">On a real port of the loopback interface instead of in memory.</param>
    /// <param name="settings">Names and values of settings in the section of the API, or anywhere with a slash before the name.</param>
    public static Task<ApiFixture> StartAsync(bool onKestrel = false, params (string Name, string Value)[] settings) => StartWithAsync(null, onKestrel, settings);

    /// <summary>Starts an application with services of a test's own.</summary>
    /// <param name="configure">Changes what is registered; null changes nothing.</param>
    /// <param name="onKestrel">On a real port of the loopback interface instead of in memory.</param>
    /// <param name="settings">As above.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The fixture disposes them.")]
    public static async Task<ApiFixture> StartWithAsync(Action<WebApplicationBuilder>? configure, bool onKestrel = false, params (string Name, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("modules-api-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Name.StartsWith('/') ? s.Name[1..] : $"{ApiOptions.Section}:{s.Name}", s.Value)));
        builder.Logging.ClearProviders();
        if (onKestrel)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        var journal = await JournalStore.OpenAsync(new JournalOptions { DataDirectory = directory }, TimeProvider.System, NullLogger<JournalStore>.Instance, CancellationToken.None);
        var store = new FailingStore(journal);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AccessSecrets(new byte[AccessSecrets.MinKeyBytes], Bootstrap));
        builder.Services.AddSingleton<IAuditLog>(_ => new AuditFiles(new AuditFileOptions { Directory = Path.Combine(directory, "audit") }));
        builder.Services.AddSingleton<IUsageStore>(_ => new UsageFiles(Path.Combine(directory, "usage")));
        builder.Services.AddSingleton<IScopeStore>(_ => store);
        builder.Services.AddSingleton<ModuleTree>();
        builder.Services.AddSingleton<WatchHub>();
        builder.Services.AddSingleton(new FollowOptions());
        builder.Services.AddSingleton<Replica>();
        builder.Services.AddSingleton<FeedFollower>();
        builder.Services.AddSingleton<EmbeddedEngine>();
        builder.Services.AddSingleton<IModuleEngine>(services => services.GetRequiredService<EmbeddedEngine>());
        builder.Services.AddModulesApi();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseModulesApi();
        app.MapModulesApi();
        await app.Services.GetRequiredService<EmbeddedEngine>().StartAsync(CancellationToken.None);
        await app.StartAsync();
        var client = onKestrel
            ? new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) }
            : app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Bootstrap);
        return new ApiFixture(directory, app, client, store);
    }

    /// <summary>Where its files are.</summary>
    public string DataDirectory => _directory;

    /// <summary>Opens the journal again, as the next start would, and reads all of it.</summary>
    public async Task<JournalStore> ReopenAsync()
    {
        await App.StopAsync();
        await Store.DisposeAsync();
        return await JournalStore.OpenAsync(new JournalOptions { DataDirectory = _directory }, TimeProvider.System, NullLogger<JournalStore>.Instance, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
