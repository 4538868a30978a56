using Npgsql;

namespace OrleansModules.Testing.Postgres;

/// <summary>One server for all tests of a process that do not stop it. Started on first use, removed when the process ends.</summary>
public static class SharedServer
{
    private static readonly Lazy<PostgresServer> Server = new(Start);
    private static readonly Lazy<Task<string>> Template = new(() => MakeTemplateAsync(Instance));

    /// <summary>The server.</summary>
    public static PostgresServer Instance => Server.Value;

    /// <summary>A database with all scripts applied, to make copies of.</summary>
    internal static Task<string> TemplateAsync() => Template.Value;

    /// <summary>Makes a database with all scripts applied on a server.</summary>
    /// <returns>Its name. Nobody is connected to it.</returns>
    internal static async Task<string> MakeTemplateAsync(PostgresServer server)
    {
        const string name = "template_modules";
        await using (var maintenance = NpgsqlDataSource.Create(server.ConnectionString() + ";Pooling=false"))
        await using (var create = maintenance.CreateCommand($"create database {name}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using var database = NpgsqlDataSource.Create(server.ConnectionString(name) + ";Pooling=false");
        await SqlScripts.ApplyAsync(database, SqlScripts.Up);
        return name;
    }

    private static PostgresServer Start()
    {
        var server = PostgresServer.Start("max_connections=200");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.RemoveLater();
        return server;
    }
}
