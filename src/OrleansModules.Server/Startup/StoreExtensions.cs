using Microsoft.Extensions.Options;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Audit;
using OrleansModules.Storage.Journal;
using OrleansModules.Storage.Postgres;
using OrleansModules.Storage.Usage;

namespace OrleansModules.Server.Startup;

/// <summary>Registers the record, the audit trail and usage: PostgreSQL where there is a connection string, otherwise the journal.</summary>
internal static class StoreExtensions
{
    /// <summary>The section of <see cref="JournalOptions"/>.</summary>
    public const string JournalSection = $"{ServerOptions.Section}:Journal";

    /// <summary>The section of <see cref="PostgresOptions"/>.</summary>
    public const string PostgresSection = $"{ServerOptions.Section}:Postgres";

    /// <summary>The section of <see cref="AuditFileOptions"/>.</summary>
    public const string AuditSection = $"{ServerOptions.Section}:Audit";

    private const string ConnectionName = "Modules";

    /// <summary>The connection string; null uses the journal.</summary>
    public static string? PostgresConnection(this IConfiguration configuration) =>
        configuration.GetConnectionString(ConnectionName) is { } given && !string.IsNullOrWhiteSpace(given) ? given : null;

    /// <summary>Registers the stores. The record is opened when it, or one of the others, is first asked for.</summary>
    public static void AddStore(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.PostgresConnection() is { } connection)
        {
            builder.Services.AddOptions<PostgresOptions>().BindConfiguration(PostgresSection).Configure(o => o.ConnectionString = connection).ValidateDataAnnotations();
            builder.Services.AddSingleton<IScopeStore>(OpenPostgres);
            builder.Services.AddSingleton<IAuditLog>(services => new PostgresAuditLog(
                Opened<IOptions<PostgresOptions>>(services).Value, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PostgresAuditLog>>()));
            builder.Services.AddSingleton<IUsageStore>(services => new PostgresUsageStore(Opened<IOptions<PostgresOptions>>(services).Value));
            return;
        }

        builder.Services.AddOptions<JournalOptions>().BindConfiguration(JournalSection)
            .Configure<ServerOptions>((journal, server) => journal.DataDirectory = server.DataDirectory)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<IScopeStore>(OpenJournal);
        builder.Services.AddOptions<AuditFileOptions>().BindConfiguration(AuditSection)
            .Configure<ServerOptions>((audit, server) => audit.Directory = Path.Combine(server.DataDirectory, "audit"))
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<IAuditLog>(services => new AuditFiles(Opened<IOptions<AuditFileOptions>>(services).Value));
        builder.Services.AddSingleton<IUsageStore>(services => new UsageFiles(Path.Combine(Opened<ServerOptions>(services).DataDirectory, "usage")));
    }

    /// <summary>Registers what writes reported usage and sums it up while the server runs.</summary>
    public static void AddUsageWork(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<UsageWriting>();
        builder.Services.AddHostedService<UsageSums>();
    }

    // After the record was opened: that makes the directory or the tables, and keeps a directory for this process.
    private static T Opened<T>(IServiceProvider services)
        where T : class
    {
        _ = services.GetRequiredService<IScopeStore>();
        return services.GetRequiredService<T>();
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
