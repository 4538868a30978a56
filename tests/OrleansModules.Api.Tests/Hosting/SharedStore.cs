using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>A store that other processes may write to, so that it has to be asked whether memory is current. It never hints.</summary>
internal sealed class SharedStore(IScopeStore store) : FailingStore(store), IFeedSource
{
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
