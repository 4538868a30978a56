using System.Reflection;
using Npgsql;

namespace OrleansModules.Testing.Postgres;

/// <summary>The scripts in <c>sql/</c>.</summary>
public static class SqlScripts
{
    /// <summary>The directory of the scripts.</summary>
    public static string Directory { get; } = typeof(SqlScripts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SqlDirectory").Value!;

    /// <summary>The numbered scripts, in the order in which they are applied.</summary>
    public static IReadOnlyList<string> Up { get; } = [.. System.IO.Directory.GetFiles(Directory, "????_*.sql").Order(StringComparer.Ordinal)];

    /// <summary>The scripts that take them back, in the order in which they are applied.</summary>
    public static IReadOnlyList<string> Down { get; } = [.. Up.Reverse().Select(f => Path.Combine(Directory, "down", Path.GetFileName(f)))];

    /// <summary>Applies scripts, each in a transaction of its own.</summary>
    public static async Task ApplyAsync(NpgsqlDataSource database, IEnumerable<string> scripts)
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var script in scripts)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(await File.ReadAllTextAsync(script), connection, transaction);
            try
            {
                await command.ExecuteNonQueryAsync();
            }
            catch (PostgresException e)
            {
                throw new InvalidOperationException($"{Path.GetFileName(script)}: {e.MessageText} {e.Where}", e);
            }

            await transaction.CommitAsync();
        }
    }
}
