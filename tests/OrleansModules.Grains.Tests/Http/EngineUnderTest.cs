using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Stores;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>The engine that the tests of the API run on, here: one silo of three, while the grains are on all of them.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private static readonly ConcurrentBag<TestSilos> Idle = [];

    private readonly IScopeStore _store;
    private TestSilos? _silos;

    private EngineUnderTest(TestSilos silos, IScopeStore store) => (_silos, _store) = (silos, store);

    /// <summary>Registers an engine on a store. Silos are used again: tests that run at once have silos of their own. They end with the process.</summary>
    public static async Task<EngineUnderTest> AddAsync(IServiceCollection services, IScopeStore store)
    {
        if (!Idle.TryTake(out var silos))
        {
            silos = new TestSilos { HoldAll = Environment.GetEnvironmentVariable("LAZY") is null, HotWorkspaces = 1 };
            await silos.InitializeAsync();
        }

        services.AddSingleton(store);
        services.AddSingleton<IModuleEngine>(silos.Engine(1));
        return new EngineUnderTest(silos, store);
    }

    /// <summary>Lets all silos start from the store.</summary>
    public Task StartAsync(IServiceProvider services) => _silos!.UseAsync(_store);

    /// <summary>Gives the silos to the next test.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _silos, null) is { } silos)
        {
            Idle.Add(silos);
        }

        return ValueTask.CompletedTask;
    }
}
