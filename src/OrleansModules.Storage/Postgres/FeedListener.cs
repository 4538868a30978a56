using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansModules.Storage.Postgres;

/// <summary>Hears that the feed moved. Only a hint: what is missed is found by looking.</summary>
/// <remarks>One session listens while the listener lives, and is opened again when it is lost.</remarks>
internal sealed class FeedListener : IAsyncDisposable
{
    private const string Listen = "listen modules_feed";

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _running;
    private bool _isListening = true;

    /// <summary>Begins to listen.</summary>
    public FeedListener(NpgsqlDataSource source, TimeProvider time, ILogger logger)
    {
        (_source, _time, _logger) = (source, time, logger);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Waits for a hint; one that came since the last wait ends it at once. For one caller at a time.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_hints.Reader.TryRead(out _))
        {
            return;
        }

        using var over = new CancellationTokenSource(atMost, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _hints.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No hint.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
            {
                if (_isListening)
                {
                    PostgresLog.ListenerLost(_logger, e.Message);
                }

                _isListening = false;
                await Task.Delay(RetryInterval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync()
    {
        await using var connection = await _source.OpenConnectionAsync(_stop.Token);
        connection.Notification += (_, _) => _hints.Writer.TryWrite(true);
        await using (var command = new NpgsqlCommand(Listen, connection))
        {
            await command.ExecuteNonQueryAsync(_stop.Token);
        }

        _isListening = true;

        // What changed while nobody listened.
        _hints.Writer.TryWrite(true);
        while (true)
        {
            await connection.WaitAsync(_stop.Token);
        }
    }
}
