using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansModules.Client.Disk;
using OrleansModules.Client.Http;

namespace OrleansModules.Client.Following;

/// <summary>Keeps one copy at the service's version: reads the map, then listens, and starts again whenever that ends.</summary>
/// <remarks>One loop per copy; <see cref="ReadAsync"/> may be called beside it.</remarks>
internal sealed class ScopeFollower(ScopeCopy copy, ServiceConnection service, LastKnownMaps? disk, Outage outage, ModulesClientOptions options, TimeProvider time, ILogger logger, Func<double> chance)
{
    private readonly Backoff _backoff = new(options.MinRetryDelay, options.MaxRetryDelay, chance);
    private bool _isStreamConfirmed;
    private bool _wasOfStream; // the problem that was noted last
    private long? _keptAt; // the timestamp when the file was last written or touched

    /// <summary>Follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RestoreAsync(cancellationToken);
            while (true)
            {
                var wait = await FollowOnceAsync(cancellationToken);
                await Task.Delay(wait, time, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return; // the usual end, whatever broke under it
        }
        finally
        {
            copy.LetGo();
        }
    }

    /// <summary>Reads the map now.</summary>
    /// <param name="told">A version that the service told of and the answer has to include; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ServiceException">It could not be read, or is older than what is known.</exception>
    /// <exception cref="ScopeNotFoundException">The scope does not exist.</exception>
    public async Task ReadAsync(MapVersion? told, CancellationToken cancellationToken)
    {
        var (before, floor) = (copy.Snapshot, copy.Floor);
        var atLeast = floor is { } low && told is { } high ? low.Join(high) : told ?? floor;
        var (body, staleFor) = await service.ReadMapAsync(copy.Scope, before?.Version, atLeast, cancellationToken);
        outage.Over();
        if (body is null)
        {
            Confirm(staleFor); // 304
            return;
        }

        var snapshot = Parse(body.Value, before);
        if (!copy.TryAdopt(snapshot, staleFor))
        {
            throw Behind(snapshot.Version);
        }

        if (snapshot.Version != before?.Version)
        {
            ClientLog.Adopted(logger, copy.Scope, snapshot.Version);
            disk?.Save(copy.Scope, snapshot.Version, body.Value);
            _keptAt = time.GetTimestamp();
        }
    }

    /// <summary>Notes what a failed attempt found out.</summary>
    /// <param name="failure">How it failed.</param>
    /// <param name="isOfStream">Whether the map had been read before, and only the stream failed.</param>
    public void Note(Exception failure, bool isOfStream = false)
    {
        if (failure is ScopeNotFoundException)
        {
            Miss();
            return;
        }

        var (problem, detail) = failure is ServiceException known ? (known.Problem, known.Message) : (CopyProblem.BadAnswer, failure.Message);
        var isWorse = _wasOfStream && !isOfStream;
        _wasOfStream = isOfStream;
        if (copy.Fail(problem, detail) || isWorse)
        {
            Log(problem, detail, isOfStream); // later ones like it add nothing
        }

        copy.LetGo(); // after the log, which says why there is no map
    }

    private void Log(CopyProblem problem, string detail, bool isOfStream)
    {
        var level = outage.IsNews(problem, isOfStream) ? LogLevel.Warning : LogLevel.Debug;
        if (copy.Snapshot is { } snapshot)
        {
            ClientLog.GoingStale(logger, level, copy.Scope, snapshot.Version, problem, detail);
        }
        else
        {
            ClientLog.StillUnknown(logger, level, copy.Scope, problem, detail);
        }
    }

    private async Task<TimeSpan> FollowOnceAsync(CancellationToken cancellationToken)
    {
        var listen = _isStreamConfirmed;
        _isStreamConfirmed = false;
        var begun = time.GetTimestamp();
        var hasRead = false;
        try
        {
            // After a stream that worked the next one tells what changed. Otherwise streams may not work at all: then this is a poll.
            if (!listen || copy.Snapshot is null)
            {
                await ReadAsync(null, cancellationToken);
                hasRead = true;
            }

            var retry = await ListenAsync(cancellationToken);
            if (_isStreamConfirmed)
            {
                return _backoff.AfterStream(retry, time.GetElapsedTime(begun));
            }

            throw new ServiceException(CopyProblem.Unreachable, "The event stream ended before it told anything.");
        }
        catch (ServiceException e) when (!cancellationToken.IsCancellationRequested)
        {
            Note(e, hasRead);
            return _backoff.AfterFailure(e.RetryAfter);
        }
        catch (ScopeNotFoundException e) when (!cancellationToken.IsCancellationRequested)
        {
            Note(e);
            return _backoff.AfterFailure(null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            ClientLog.Unforeseen(logger, copy.Scope, e);
            Note(e, hasRead);
            return _backoff.AfterFailure(null);
        }
    }

    private async Task<TimeSpan?> ListenAsync(CancellationToken cancellationToken)
    {
        var known = copy.Snapshot?.Version;
        using var answer = await service.OpenEventsAsync(copy.Scope, known, cancellationToken);
        using var silence = new Deadline(options.StreamSilence, time, cancellationToken);
        try
        {
            await using var stream = new StreamMonitor(await answer.Content.ReadAsStreamAsync(cancellationToken), silence, () => Heartbeat(known));
            var parser = SseParser.Create(stream, ServiceEvent.Parse);
            await foreach (var item in parser.EnumerateAsync(cancellationToken))
            {
                if (!await HandleAsync(item.Data, cancellationToken))
                {
                    break;
                }

                known = copy.Snapshot?.Version;
            }

            return parser.ReconnectionInterval > TimeSpan.Zero ? parser.ReconnectionInterval : null;
        }
        catch (OperationCanceledException e) when (silence.IsOver)
        {
            throw new ServiceException(CopyProblem.Unreachable, $"The event stream was silent for {options.StreamSilence:c}.", inner: e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ServiceException(CopyProblem.Unreachable, $"The event stream broke: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException)
        {
            throw new ServiceException(CopyProblem.BadAnswer, $"The event stream is not the service's: {e.Message}", inner: e);
        }
    }

    // A comment, and no event: what the stream knew of is still the version. Before the first event that is the Last-Event-ID.
    private void Heartbeat(MapVersion? known)
    {
        if (known is not null && copy.Snapshot?.Version == known)
        {
            Confirm(null);
            Heard();
        }
    }

    private async Task<bool> HandleAsync(ServiceEvent told, CancellationToken cancellationToken)
    {
        switch (told.Kind)
        {
            case ServiceEventKind.Version:
                await CatchUpAsync(told.Version, told.StaleFor, cancellationToken);
                return true;
            case ServiceEventKind.Stale when copy.Snapshot is not null:
                Confirm(told.StaleFor);
                Heard();
                return true;
            case ServiceEventKind.Deleted:
                Miss();
                _isStreamConfirmed = true;
                return false;
            case ServiceEventKind.Bye:
                _isStreamConfirmed = true;
                return false;
            default:
                return true;
        }
    }

    private async Task CatchUpAsync(MapVersion told, TimeSpan? staleFor, CancellationToken cancellationToken)
    {
        if (copy.Snapshot?.Version is { } known && known.Includes(told))
        {
            if (known != told && !_isStreamConfirmed)
            {
                throw Behind(told); // this node is not as far as the one that answered before
            }

            Confirm(staleFor);
        }
        else
        {
            await ReadAsync(told, cancellationToken);
        }

        Heard();
    }

    // The file's time follows once in a while, so that an age after a crash is not much too high; and what could not be written is tried again.
    private void Confirm(TimeSpan? staleFor)
    {
        copy.Confirm(staleFor);
        if (disk is null || copy.Snapshot is not { } snapshot || copy.ConfirmedAt is not { } at)
        {
            return;
        }

        disk.Retry(copy.Scope);
        if (_keptAt is not { } kept || time.GetElapsedTime(kept) >= LastKnownMaps.TouchInterval)
        {
            _keptAt = time.GetTimestamp();
            disk.Touch(copy.Scope, snapshot.Version, at);
        }
    }

    private void Heard()
    {
        _backoff.Reset();
        outage.Over();
        outage.StreamsWork();
        _isStreamConfirmed = true;
    }

    private void Miss()
    {
        if (!copy.IsMissing)
        {
            ClientLog.Missing(logger, copy.Scope);
        }

        copy.Miss();
        disk?.Remove(copy.Scope);
    }

    private ServiceException Behind(MapVersion theirs) => new(CopyProblem.Behind, $"The service is at {theirs}, below the {copy.Floor} known here.");

    private ModuleSnapshot Parse(ReadOnlyMemory<byte> body, ModuleSnapshot? before)
    {
        try
        {
            return SnapshotReader.Read(copy.Scope, body, before);
        }
        catch (JsonException e)
        {
            throw new ServiceException(CopyProblem.BadAnswer, e.Message, inner: e);
        }
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (disk is not null && await disk.LoadAsync(copy.Scope, cancellationToken) is { } kept)
            {
                copy.Restore(kept.Snapshot, kept.Age);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            ClientLog.Unforeseen(logger, copy.Scope, e); // no file is worth the service's answer
        }
    }
}
