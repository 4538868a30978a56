using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration.Memory;
using Orleans.Configuration;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Grains;
using OrleansModules.Server.Startup;

namespace OrleansModules.Silo.Startup;

/// <summary>Makes the host a silo of a cluster whose members, scopes and history are in one database.</summary>
internal static class ClusterExtensions
{
    private const string Npgsql = "Npgsql";

    // The lowest layer of configuration: Orleans tells of every step at level information. Categories are matched by how they begin.
    private static readonly Dictionary<string, string?> LoggingDefaults = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Orleans"] = "Warning",
        ["Logging:LogLevel:OrleansModules"] = "Information",
    };

    /// <summary>Registers the silo and the cluster engine.</summary>
    /// <exception cref="SettingsException">A setting is wrong, or there is no connection string.</exception>
    public static void AddCluster(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LoggingDefaults });
        var connection = builder.Configuration.PostgresConnection() ?? throw new SettingsException(["a silo needs ConnectionStrings:Modules: the silos of a cluster share one database"]);
        var faults = new List<string>();
        var options = ServerBuilderExtensions.Bind<ClusterOptions>(builder.Configuration, ClusterOptions.Section, faults);
        var address = Resolve(options.Address, faults);

        ServerBuilderExtensions.Bind<OutboxOptions>(builder.Configuration, $"{ClusterOptions.Section}:Outbox", faults);
        if (faults.Count > 0)
        {
            throw new SettingsException(faults);
        }

        builder.Services.AddSingleton(options);
        builder.Services.AddOptions<FollowOptions>().BindConfiguration($"{ServerOptions.Section}:Follow");
        builder.Services.AddOptions<OutboxOptions>().BindConfiguration($"{ClusterOptions.Section}:Outbox");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30) + options.DrainDelay);
        builder.UseOrleans(silo =>
        {
            silo.Configure<Orleans.Configuration.ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.ClusterId, options.ServiceId));
            silo.Configure<EndpointOptions>(o => Listen(o, address!, options));
            silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Npgsql, OwnPool(connection)));
            silo.AddAdoNetGrainStorage("modules", o => (o.Invariant, o.ConnectionString) = (Npgsql, OwnPool(connection)));
            silo.Configure<ClusterMembershipOptions>(o => Tune(o, options));
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = o.SystemResponseTimeout = TimeSpan.FromSeconds(5));
            silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromMinutes(5));
            silo.AddActivityPropagation();
            silo.AddModulesGrains();
            silo.Services.Configure<ClusterEngineOptions>(o =>
                (o.HoldAll, o.HotWorkspaces, o.ActivateOnRead, o.DrainDelay) = (options.HoldAll, options.HotWorkspaces, options.ActivateOnRead, options.DrainDelay));
        });
    }

    private static IPAddress? Resolve(string address, List<string> faults)
    {
        try
        {
            return IPAddress.TryParse(address, out var given) ? given : Dns.GetHostAddresses(address, AddressFamily.InterNetwork)[0];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            faults.Add($"{ClusterOptions.Section}:{nameof(ClusterOptions.Address)} must be an IP address or a name that has one, got '{address}'");
            return null;
        }
    }

    // No port for Orleans' own clients: there are none, and whoever reached it could call grains.
    private static void Listen(EndpointOptions endpoints, IPAddress address, ClusterOptions options)
    {
        (endpoints.AdvertisedIPAddress, endpoints.SiloPort, endpoints.GatewayPort) = (address, options.Port, 0);
        endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Any, options.ListenPort ?? options.Port);
    }

    // A silo that was killed is found dead in about a second; after all crashed at once, a new one waits 15 s for their rows to become old.
    private static void Tune(ClusterMembershipOptions membership, ClusterOptions options)
    {
        membership.ProbeTimeout = options.ProbeTimeout;
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.NumMissedTableIAmAliveLimit = 3;
    }

    // A pool of its own, so that a storm of changes cannot keep a silo from saying that it is alive.
    private static string OwnPool(string connection)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = connection };
        builder["Maximum Pool Size"] = 4;
        builder["Command Timeout"] = 2;
        builder["Application Name"] = "orleansmodules-membership";
        return builder.ConnectionString;
    }
}
