using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Stores;
using OrleansModules.Grains.Replication;

namespace OrleansModules.Grains.Tests.Hosting;

/// <summary>Silos in this process that talk over the loopback network and share a store in memory.</summary>
public sealed class TestSilos : IAsyncLifetime, IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private readonly SharedStore _store = new();
    private readonly OneMoveAtATime _moves = new();

    /// <summary>How many silos there are.</summary>
    public int Count => _hosts.Count;

    /// <summary>After how long a call of a grain is given up, as in a real silo.</summary>
    internal static TimeSpan ResponseTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether every silo holds every scope.</summary>
    internal bool HoldAll { get; init; } = true;

    /// <summary>How many workspaces a silo holds that does not hold every scope.</summary>
    internal int HotWorkspaces { get; init; } = 1000;

    /// <summary>Whether a read makes the grain active.</summary>
    internal bool ActivateOnRead { get; init; }

    internal OrleansEngine Engine(int silo) => Get<OrleansEngine>(silo);

    /// <summary>How many grains were told to move to another silo.</summary>
    internal int Moves => _moves.Begun;

    internal T Get<T>(int silo)
        where T : notnull => _hosts[silo].Services.GetRequiredService<T>();

    /// <summary>Starts three silos.</summary>
    public async Task InitializeAsync()
    {
        var ports = FreePorts(6);
        for (var i = 0; i < 3; i++)
        {
            var (silo, gateway) = (ports[2 * i], ports[(2 * i) + 1]);
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton<IScopeStore>(_store);
            builder.UseOrleans(orleans =>
            {
                orleans.UseLocalhostClustering(silo, gateway, new IPEndPoint(IPAddress.Loopback, ports[0]), "test", "test");
                orleans.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
                orleans.AddModulesGrains();
                orleans.AddIncomingGrainCallFilter(_moves);
                orleans.Services.Configure<ClusterEngineOptions>(o => (o.HoldAll, o.HotWorkspaces, o.ActivateOnRead) = (HoldAll, HotWorkspaces, ActivateOnRead));
                orleans.Services.Configure<FollowOptions>(o => o.FreshnessLease = TimeSpan.FromMinutes(10)); // nobody polls the store here
            });
            var host = builder.Build();
            await host.StartAsync();
            _hosts.Add(host);
        }

        foreach (var i in Enumerable.Range(0, 3))
        {
            await Eventually.TrueAsync(() => Get<Pusher>(i).Lanes.Count() == 2);
        }
    }

    /// <summary>Lets all silos start again from another store, as if they had just come up on it.</summary>
    internal async Task UseAsync(IScopeStore store)
    {
        // What is still under way between the silos belongs to the store before.
        await Eventually.TrueAsync(() => Enumerable.Range(0, Count).All(i => Get<Pusher>(i).Lanes.All(l => l.Depth == 0)));
        _store.Use(store);
        foreach (var i in Enumerable.Range(0, Count))
        {
            await Engine(i).StartAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    /// <inheritdoc/>
    async ValueTask IAsyncDisposable.DisposeAsync() => await _store.DisposeAsync();

    private static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToList();
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
