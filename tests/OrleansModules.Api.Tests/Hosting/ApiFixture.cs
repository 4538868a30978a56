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
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Audit;
using OrleansModules.Storage.Journal;
using OrleansModules.Storage.Usage;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>The whole API on <see cref="EngineUnderTest"/>, with its journal in a directory of its own that goes away afterwards.</summary>
internal sealed class ApiFixture : IAsyncDisposable
{
    private readonly string _directory;
    private readonly EngineUnderTest _engine;

    private ApiFixture(string directory, EngineUnderTest engine, WebApplication app, HttpClient client, FailingStore store) =>
        (_directory, _engine, App, Client, Store) = (directory, engine, app, client, store);

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
        var engine = await EngineUnderTest.AddAsync(builder.Services, store);
        builder.Services.AddModulesApi();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseModulesApi();
        app.MapModulesApi();
        await engine.StartAsync(app.Services);
        await app.StartAsync();
        var client = onKestrel
            ? new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) }
            : app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Bootstrap);
        return new ApiFixture(directory, engine, app, client, store);
    }

    /// <summary>Where its files are.</summary>
    public string DataDirectory => _directory;

    /// <summary>Opens the journal again, as the next start would, and reads all of it.</summary>
    public async Task<JournalStore> ReopenAsync()
    {
        await App.StopAsync();
        await _engine.DisposeAsync();
        await Store.DisposeAsync();
        return await JournalStore.OpenAsync(new JournalOptions { DataDirectory = _directory }, TimeProvider.System, NullLogger<JournalStore>.Instance, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
