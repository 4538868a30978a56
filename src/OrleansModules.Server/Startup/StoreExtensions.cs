using Microsoft.Extensions.Options;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Journal;
using OrleansModules.Storage.Postgres;

namespace OrleansModules.Server.Startup;

/// <summary>Registers the record: PostgreSQL where there is a connection string, otherwise the journal.</summary>
internal static class StoreExtensions
{
    /// <summary>The section of <see cref="JournalOptions"/>.</summary>
    public const string JournalSection = $"{ServerOptions.Section}:Journal";

    /// <summary>The section of <see cref="PostgresOptions"/>.</summary>
    public const string PostgresSection = $"{ServerOptions.Section}:Postgres";

    private const string ConnectionName = "Modules";

    /// <summary>The connection string; null uses the journal.</summary>
    public static string? PostgresConnection(this IConfiguration configuration) =>
        configuration.GetConnectionString(ConnectionName) is { } given && !string.IsNullOrWhiteSpace(given) ? given : null;

    /// <summary>Registers the store. It is opened when it is first asked for.</summary>
    public static void AddStore(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.PostgresConnection() is { } connection)
        {
            builder.Services.AddOptions<PostgresOptions>().BindConfiguration(PostgresSection).Configure(o => o.ConnectionString = connection).ValidateDataAnnotations();
            builder.Services.AddSingleton<IScopeStore>(OpenPostgres);
            return;
        }

        builder.Services.AddOptions<JournalOptions>().BindConfiguration(JournalSection)
            .Configure<ServerOptions>((journal, server) => journal.DataDirectory = server.DataDirectory)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<IScopeStore>(OpenJournal);
    }

    // Both block: called once, at start, on a thread that nothing waits for. The container disposes the store after the web server stopped.
    private static JournalStore OpenJournal(IServiceProvider services) => JournalStore.OpenAsync(
        services.GetRequiredService<IOptions<JournalOptions>>().Value,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<JournalStore>>(),
        CancellationToken.None).GetAwaiter().GetResult();

    private static PostgresScopeStore OpenPostgres(IServiceProvider services) => PostgresScopeStore.OpenAsync(
        services.GetRequiredService<IOptions<PostgresOptions>>().Value,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<PostgresScopeStore>>(),
        CancellationToken.None).GetAwaiter().GetResult();
}
