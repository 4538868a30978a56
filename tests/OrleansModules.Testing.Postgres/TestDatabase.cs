using Npgsql;
using Xunit;

namespace OrleansModules.Testing.Postgres;

/// <summary>A database of a test class's own, with all scripts applied. A class fixture, or made by hand.</summary>
public sealed class TestDatabase : IAsyncLifetime, IAsyncDisposable
{
    private NpgsqlDataSource? _source;
    private PostgresServer? _server;

    /// <summary>The name of the database.</summary>
    public string Name { get; } = $"test_{Guid.NewGuid():N}";

    /// <summary>How to connect as the owner, whom no policy binds.</summary>
    public string ConnectionString => _server!.ConnectionString(Name);

    /// <summary>The server the database is on.</summary>
    public PostgresServer Server => _server!;

    /// <summary>Connections as the owner.</summary>
    public NpgsqlDataSource Source => _source!;

    /// <summary>Makes a database.</summary>
    /// <param name="server">Where; null is <see cref="SharedServer"/>.</param>
    /// <param name="empty">Whether to leave out the scripts.</param>
    public static async Task<TestDatabase> CreateAsync(PostgresServer? server = null, bool empty = false)
    {
        var database = new TestDatabase();
        await database.MakeAsync(server, empty);
        return database;
    }

    /// <summary>How to connect as another role.</summary>
    public string ConnectionStringAs(string role) => _server!.ConnectionString(Name, role);

    /// <summary>Runs statements as the owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <inheritdoc/>
    Task IAsyncLifetime.InitializeAsync() => MakeAsync(null, empty: false);

    /// <inheritdoc/>
    Task IAsyncLifetime.DisposeAsync() => RemoveAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RemoveAsync();

    private async Task MakeAsync(PostgresServer? server, bool empty)
    {
        _server = server ?? SharedServer.Instance;
        if (server is null)
        {
            var template = empty ? "template1" : await SharedServer.TemplateAsync();
            await MaintainAsync($"create database {Name} template {template}");
            _source = NpgsqlDataSource.Create(ConnectionString);
            return;
        }

        await MaintainAsync($"create database {Name}");
        _source = NpgsqlDataSource.Create(ConnectionString);
        if (!empty)
        {
            await SqlScripts.ApplyAsync(_source, SqlScripts.Up);
        }
    }

    private async Task RemoveAsync()
    {
        await Source.DisposeAsync();
        await MaintainAsync($"drop database if exists {Name} with (force)");
    }

    private async Task MaintainAsync(string sql)
    {
        await using var maintenance = NpgsqlDataSource.Create(_server!.ConnectionString() + ";Pooling=false");
        await using var command = maintenance.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
