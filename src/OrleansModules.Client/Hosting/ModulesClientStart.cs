using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansModules.Client.Hosting;

/// <summary>Has the configured scopes followed from the start of the host, and waits a while for their maps.</summary>
internal sealed class ModulesClientStart(ModulesClient client, IOptions<ModulesClientOptions> options, TimeProvider time) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.ConfiguredAttempted.WaitAsync(options.Value.StartPatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return; // the host starts without; maps come when they come
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
