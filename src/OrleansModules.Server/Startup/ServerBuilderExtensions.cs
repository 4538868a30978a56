using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using OrleansModules.Api;
using OrleansModules.Api.Access;
using OrleansModules.Api.Access.Jwt;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Core.Usage;
using OrleansModules.Server.Demo;
using OrleansModules.Storage.Audit;
using OrleansModules.Storage.Journal;
using OrleansModules.Storage.Postgres;

namespace OrleansModules.Server.Startup;

/// <summary>Registers what the embedded server is made of.</summary>
internal static class ServerBuilderExtensions
{
    private const string FollowSection = $"{ServerOptions.Section}:Follow";

    // The lowest layer of configuration, so that any setting overrides it. The framework makes an activity for every request while its
    // hosting diagnostics may log; with tracing configured it makes one all the same, without it that is work for nothing.
    private static readonly Dictionary<string, string?> LoggingDefaults = new(StringComparer.Ordinal)
    {
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel.BadRequests"] = "None", // repeats headers that it cannot read, with the credential in them
    };

    /// <summary>Settings, addresses, logging, time.</summary>
    /// <exception cref="SettingsException">Some settings are wrong; the message names all of them.</exception>
    public static void AddServerDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LoggingDefaults });
        var faults = new List<string>();
        SecretFiles.Add(builder.Configuration, faults);
        var options = Bind<ServerOptions>(builder.Configuration, ServerOptions.Section, faults);
        faults.AddRange(options.Faults());

        // Read here only to name what is wrong with them together with all else; who uses them reads them again.
        Bind<ApiOptions>(builder.Configuration, ApiOptions.Section, faults);
        Bind<OpenFeatureOptions>(builder.Configuration, OpenFeatureOptions.Section, faults);
        Bind<JournalOptions>(builder.Configuration, StoreExtensions.JournalSection, faults);
        Bind<PostgresOptions>(builder.Configuration, StoreExtensions.PostgresSection, faults);
        Bind<FollowOptions>(builder.Configuration, FollowSection, faults);
        Bind<UsageOptions>(builder.Configuration, UsageOptions.Section, faults);
        var access = Bind<AccessOptions>(builder.Configuration, AccessOptions.Section, faults);
        if (access.TokenKey is null && builder.Configuration.PostgresConnection() is not null)
        {
            faults.Add($"{AccessOptions.Section}:{nameof(AccessOptions.TokenKey)} is required with PostgreSQL, the same for every server: tokens are in the database, and the key must not be");
        }

        Bind<ThrottleOptions>(builder.Configuration, ThrottleOptions.Section, faults);
        var provider = Bind<JwtOptions>(builder.Configuration, JwtOptions.Section, faults);
        Bind<AuditFileOptions>(builder.Configuration, StoreExtensions.AuditSection, faults);
        if (options.BootstrapToken is null && !provider.IsConfigured && builder.Configuration.PostgresConnection() is null && !Directory.Exists(options.DataDirectory))
        {
            faults.AddRange(ListenAddresses.Open(builder.Configuration).Select(ListenAddresses.Refusal)); // known before anything is created
        }

        if (faults.Count > 0)
        {
            throw new SettingsException(faults);
        }

        builder.WebHost.UseUrls(ListenAddresses.Read(builder.Configuration));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(WebLimits.Apply);
        builder.AddTransportSecurity();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
    }

    /// <summary>Store, tree and engine of one process.</summary>
    public static void AddEmbeddedEngine(this WebApplicationBuilder builder)
    {
        builder.AddStore();
        builder.Services.AddSingleton<ModuleTree>();
        builder.Services.AddSingleton<WatchHub>();
        builder.Services.AddOptions<FollowOptions>().BindConfiguration(FollowSection).ValidateDataAnnotations();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<FollowOptions>>().Value);
        builder.Services.AddSingleton<Replica>();
        builder.Services.AddSingleton<FeedFollower>();
        builder.Services.AddHostedService<FeedFollowing>();
        builder.Services.AddSingleton<EmbeddedEngine>();
        builder.Services.AddSingleton<IModuleEngine>(services => services.GetRequiredService<EmbeddedEngine>());
    }

    /// <summary>Who may sign in, and what is done at start.</summary>
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(MakeSecrets);
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddSingleton<HostVersionSetting>();
        builder.Services.AddSingleton<DemoData>();
    }

    /// <summary>Reads settings to find what is wrong with them.</summary>
    internal static TOptions Bind<TOptions>(ConfigurationManager configuration, string section, List<string> faults)
        where TOptions : new()
    {
        var options = new TOptions();
        try
        {
            configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            faults.Add(e.Message.TrimEnd('.'));
            return options;
        }

        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true) && options is IValidatableObject whole)
        {
            results.AddRange(whole.Validate(new ValidationContext(options))); // left out by the validator where a single value is wrong
        }

        faults.AddRange(results.Select(r => $"{section}: {r.ErrorMessage?.TrimEnd('.')}"));
        return options;
    }

    // After the store was opened: that creates the data directory of a journal, and keeps it for this process.
    private static AccessSecrets MakeSecrets(IServiceProvider services)
    {
        _ = services.GetRequiredService<IScopeStore>();
        var options = services.GetRequiredService<ServerOptions>();
        return new AccessSecrets(TokenKeyFile.Read(services.GetRequiredService<AccessOptions>().TokenKey, options.DataDirectory, services.GetRequiredService<ILogger<AccessSecrets>>()), options.BootstrapToken);
    }
}
