using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using OrleansModules.Bench.Http;

namespace OrleansModules.Bench.Postgres;

/// <summary>The yardstick: a Kestrel endpoint that asks the database at every request, with a pooled connection and a prepared statement.</summary>
internal static class AskingServer
{
    /// <summary>Serves until it is killed. <c>--database connection-string --workspace id --urls ...</c>.</summary>
    public static async Task RunAsync(BenchArgs args)
    {
        var database = args.Text("--database")!; // given by who starts it
        var workspace = args.Text("--workspace")!;
        var urls = args.Text("--urls")!;
        args.RefuseOthers();

        await using var source = NpgsqlDataSource.Create(database);
        await using var app = BareServer.Build(urls);
        app.Run(async context =>
        {
            await using var command = source.CreateCommand("select resolve_all_modules_for_workspace($1)::text");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = workspace });
            await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
            await rows.ReadAsync(context.RequestAborted);
            var body = rows.GetFieldValue<byte[]>(0);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
        await app.RunAsync();
    }
}
