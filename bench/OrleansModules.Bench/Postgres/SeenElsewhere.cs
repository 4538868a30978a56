using System.Diagnostics;
using Npgsql;
using OrleansModules.Bench.Changes;
using OrleansModules.Bench.Data;
using OrleansModules.Bench.Reporting;
using OrleansModules.Core.Stores;

namespace OrleansModules.Bench.Postgres;

/// <summary>How soon a process that follows the record knows of a change of another one, beside a bare notification from one connection to another.</summary>
internal static class SeenElsewhere
{
    private const double Target = 1000; // what docs/access.md promises of rights that were taken away
    private const string Channel = "bare";
    private const int WarmUp = 20; // changes that are not counted

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Changes one after another, product and yardstick in turn.</summary>
    /// <param name="report">Takes the rows.</param>
    /// <param name="open">Opens the store of one process more on the same record.</param>
    /// <param name="source">The database, for the yardstick.</param>
    /// <param name="count">How many changes of each.</param>
    public static async Task RunAsync(Report report, Func<Task<IScopeStore>> open, NpgsqlDataSource source, int count)
    {
        report.Section($"{count} changes, one after another, until another process that follows the record has them in memory, beside an update and its notification to a connection that listens");
        await using var changes = await ProductChanges.FillAsync(await open(), 1);
        await using var otherStore = await open();
        var other = new SampleTree(otherStore);
        await other.StartAsync();
        using var stop = new CancellationTokenSource();
        var following = other.Engine.FollowAsync(stop.Token);
        await using var bare = await BareNotification.OpenAsync(source);

        var (ours, theirs, afterAnswer) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < WarmUp + count; i++)
        {
            var (all, late) = await ChangeAsync(changes, other, i);
            var yardstick = await bare.SendAsync();
            if (i >= WarmUp)
            {
                ours.Add(all);
                afterAnswer.Add(late);
                theirs.Add(yardstick);
            }
        }

        await stop.CancelAsync();
        await following;
        Add(report, "from the call, median", Figures.Median(ours), Figures.Median(theirs));
        Add(report, "from the call, 99 of 100", Figures.Percentile(ours, 0.99), Figures.Percentile(theirs, 0.99));
        report.Add(Row.AtMost("after the answer to who changed it, 99 of 100", Figures.Percentile(afterAnswer, 0.99), Target, "ms", "N2"));
    }

    private static void Add(Report report, string what, double ours, double theirs) =>
        report.Add(new Row(what, Figures.With(ours, "ms", "N2"), Figures.With(theirs, "ms", "N2"), Figures.Ratio(ours / theirs), "", null));

    // Milliseconds from the call, and from its answer; none where the other knew before.
    private static async Task<(double FromCall, double FromAnswer)> ChangeAsync(ProductChanges changes, SampleTree other, int number)
    {
        var workspace = changes.Workspaces[0];
        using var watch = other.Engine.Watch(workspace);
        other.Tree.TryReadVersion(workspace, out var before);
        var called = Stopwatch.GetTimestamp();
        var seeing = SeeAsync();
        await changes.ChangeAsync(0, number);
        var answered = Stopwatch.GetTimestamp();
        var seen = await seeing;
        return (Stopwatch.GetElapsedTime(called, seen).TotalMilliseconds, seen > answered ? Stopwatch.GetElapsedTime(answered, seen).TotalMilliseconds : 0);

        async Task<long> SeeAsync()
        {
            while (other.Tree.TryReadVersion(workspace, out var version) && version == before)
            {
                if (!await watch.WaitAsync(Patience, CancellationToken.None))
                {
                    throw new BenchException("A change was not seen elsewhere.");
                }
            }

            return Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The yardstick: a row, and a connection that is told of its updates.</summary>
    private sealed class BareNotification(NpgsqlConnection writer, NpgsqlConnection listener) : IAsyncDisposable
    {
        public static async Task<BareNotification> OpenAsync(NpgsqlDataSource source)
        {
            var (writer, listener) = (await source.OpenConnectionAsync(), await source.OpenConnectionAsync());
            await ExecuteAsync(writer, "create table bare_row (value bigint not null); insert into bare_row values (0)");
            await ExecuteAsync(listener, $"listen {Channel}");
            return new BareNotification(writer, listener);
        }

        /// <summary>Milliseconds from the call until the listener is told.</summary>
        public async Task<double> SendAsync()
        {
            var called = Stopwatch.GetTimestamp();
            var told = TellAsync();
            await ExecuteAsync(writer, $"with updated as (update bare_row set value = value + 1) select pg_notify('{Channel}', '')");
            return Stopwatch.GetElapsedTime(called, await told).TotalMilliseconds;
        }

        public async ValueTask DisposeAsync()
        {
            await writer.DisposeAsync();
            await listener.DisposeAsync();
        }

        private async Task<long> TellAsync() =>
            await listener.WaitAsync(Patience) ? Stopwatch.GetTimestamp() : throw new BenchException("A notification did not come.");

        private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
