using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Postgres;

/// <summary>The one writer of a process: takes the changes that wait, and commits them in one transaction.</summary>
/// <remarks>
/// The feed's head serializes commits of all processes, so that changes that share a transaction share its wait. A commit whose
/// answer is lost is sent again, with the same operation ids, until it is answered: a change that was made then says so, and one that
/// was not made is made now. Nothing is guessed. Everything belongs to the task of <see cref="RunAsync"/>.
/// </remarks>
internal sealed class CommitWriter(CommitConnection connection, PostgresOptions options, TimeProvider time, ILogger logger)
{
    private const int MostChanges = 512;
    private const int MostBytes = 4 << 20;
    private const int Attempts = 4;

    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly List<PendingChange> _taken = [];
    private TimeSpan _lastCommit;

    /// <summary>Commits until no more changes can come and none is waiting.</summary>
    public void Run(ChannelReader<PendingChange> changes)
    {
        while (changes.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            GatherAfterBusyBatch(changes);
            Take(changes);
            try
            {
                if (_taken.Count > 0)
                {
                    var began = time.GetTimestamp();
                    Commit(_taken);
                    _lastCommit = time.GetElapsedTime(began);
                }
            }
            catch (Exception e)
            {
                // Nobody must wait forever, whatever happened.
                PostgresLog.WriterFailed(logger, e);
                Fail(_taken, PostgresErrors.Unknown(e));
                connection.Close();
            }
        }

        connection.Dispose();
    }

    /// <summary>
    /// Callers that were just answered come back with their next change at once. To go ahead with the first of them would make all
    /// others wait for a commit of their own.
    /// </summary>
    private void GatherAfterBusyBatch(ChannelReader<PendingChange> changes)
    {
        var most = _lastCommit / 4 < LongestGathering ? _lastCommit / 4 : LongestGathering;
        for (var began = time.GetTimestamp(); _taken.Count > 1 && changes.Count < _taken.Count && time.GetElapsedTime(began) < most;)
        {
            Thread.Yield();
        }
    }

    private void Take(ChannelReader<PendingChange> changes)
    {
        _taken.Clear();
        for (var bytes = 0; _taken.Count < MostChanges && bytes < MostBytes && changes.TryRead(out var change);)
        {
            if (change.TryTake())
            {
                _taken.Add(change);
                bytes += change.Record.Length;
            }
        }
    }

    private void Commit(List<PendingChange> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                CommitOrResolve(batch);
                return;
            }
            catch (StoreException e)
            {
                Fail(batch, e);
                return;
            }
            catch (PostgresException e) when (PostgresErrors.IsRace(e) && attempt < Attempts)
            {
                PostgresLog.Raced(logger, e.MessageText, e.SqlState);
            }
            catch (PostgresException e) when (batch.Count > 1 && !IsForAll(e))
            {
                // One of them cannot be made, and took the others along.
                foreach (var change in batch)
                {
                    Commit([change]);
                }

                return;
            }
            catch (PostgresException e) when (PostgresErrors.IsOvertaken(e))
            {
                PostgresLog.Overtaken(logger, batch[0].Change.Scope.ToString(), e.MessageText, e.SqlState);
                batch[0].TrySetResult(new AppendResult.Conflict(batch[0].Change.Revision - 1));
                return;
            }
            catch (PostgresException e)
            {
                PostgresLog.Refused(logger, e.MessageText, e.SqlState, e);
                Fail(batch, PostgresErrors.Of(e));
                return;
            }
        }
    }

    /// <summary>Commits; where the answer is lost, sends the same again until there is one.</summary>
    private void CommitOrResolve(List<PendingChange> batch)
    {
        try
        {
            connection.EnsureOpen();
        }
        catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e))
        {
            throw PostgresErrors.Of(e); // Nothing was sent.
        }

        var lostAt = 0L;
        for (var wasSent = false; ;)
        {
            try
            {
                if (wasSent)
                {
                    connection.EnsureOpen();
                }

                Complete(batch, connection.Commit(batch), wasSent);
                return;
            }
            catch (Exception e) when (PostgresErrors.IsDatabaseFailure(e) && !(PostgresErrors.IsRefusal(e) && (!wasSent || PostgresErrors.IsVerdict(e))))
            {
                lostAt = wasSent ? lostAt : time.GetTimestamp();
                wasSent = true;
                connection.Close();
                PostgresLog.AnswerLost(logger, batch.Count, e.Message);
                if (time.GetElapsedTime(lostAt) >= options.OutcomePatience)
                {
                    throw PostgresErrors.Unknown(e);
                }

                Task.Delay(RetryInterval, time).GetAwaiter().GetResult();
            }
        }
    }

    private static void Complete(List<PendingChange> batch, CommitOutcome[] outcomes, bool wasSent)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var (change, outcome) = (batch[i], outcomes[i]);
            change.TrySetResult(outcome switch
            {
                CommitOutcome.Committed committed => new AppendResult.Committed(change.Change with { Position = committed.Position }),
                CommitOutcome.Conflict conflict => new AppendResult.Conflict(conflict.Revision),
                CommitOutcome.Refused => new AppendResult.Refused(),
                CommitOutcome.Repeated repeated when wasSent && change.IsMadeBy(repeated.First) => new AppendResult.Committed(change.Change with { Position = repeated.First.Position }),
                CommitOutcome.Repeated repeated => new AppendResult.Repeated(OperationIds.Strip(repeated.First)),
                _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
            });
        }
    }

    // Trying the others one by one would only find the same.
    private static bool IsForAll(PostgresException e) => PostgresErrors.Of(e).Failure != StoreFailure.Unavailable || e.IsTransient;

    private static void Fail(List<PendingChange> batch, StoreException failure)
    {
        foreach (var change in batch)
        {
            change.TrySetException(new StoreException(failure.Failure, failure.Message, failure.InnerException, failure.OutcomeUnknown));
        }
    }
}
