using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>A store that other processes may write to, so that it has to be asked whether memory is current. It never hints.</summary>
internal sealed class SharedStore(IScopeStore store) : FailingStore(store), IFeedSource
{
    /// <summary>Has the node of an application look into its store; nothing does so in the background.</summary>
    /// <param name="services">The services, with an engine.</param>
    /// <param name="time">The clock that ages are measured with.</param>
    public static void Share(IServiceCollection services, TimeProvider time) => services.Replace(ServiceDescriptor.Singleton(s =>
        new FeedFollower(new SharedStore(s.GetRequiredService<IScopeStore>()), s.GetRequiredService<Replica>(), time, s.GetRequiredService<FollowOptions>())));

    /// <inheritdoc/>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
