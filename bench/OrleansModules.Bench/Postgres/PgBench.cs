using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using OrleansModules.Bench.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Bench.Postgres;

/// <summary>The yardstick: PostgreSQL's own load generator with the least transaction that a durable change can be.</summary>
internal static partial class PgBench
{
    private const string Tables =
        """
        create table if not exists bare_scopes (id int primary key, revision bigint not null, value jsonb not null) with (fillfactor = 80);
        create table if not exists bare_log (id int not null, revision bigint not null, body jsonb not null, primary key (id, revision));
        truncate bare_scopes, bare_log;
        insert into bare_scopes select n, 0, '{}' from generate_series(0, 999) n;
        """;

    // Each client has a row of its own and knows its revision.
    private const string Transaction =
        """
        begin;
        update bare_scopes set revision = revision + 1, value = '{"maxDocuments": 1000, "greeting": "Welcome"}' where id = :client_id and revision = :revision;
        insert into bare_log (id, revision, body) values (:client_id, :revision, '{"maxDocuments": 1000, "greeting": "Welcome"}');
        commit;
        \set revision :revision + 1
        """;

    /// <summary>Transactions per second.</summary>
    public static async Task<double> RunAsync(PostgresServer server, NpgsqlDataSource source, int clients, int seconds)
    {
        await using (var command = source.CreateCommand(Tables))
        {
            await command.ExecuteNonQueryAsync();
        }

        using var directory = new TemporaryDirectory();
        var script = Path.Combine(directory.Path, "change.sql");
        await File.WriteAllTextAsync(script, Transaction);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        var output = PostgresBinaries.Run("pgbench", "-n", "-M", "prepared", "-h", "127.0.0.1", "-p", Text(server.Port), "-U", "postgres", "-c", Text(clients), "-j", "2", "-T", Text(seconds), "-D", "revision=0", "-f", script, "postgres");
        return Rate().Match(output) is { Success: true } rate
            ? double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new BenchException($"pgbench did not say what it reached: {output}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^tps = (?<rate>[0-9.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Rate();
}
