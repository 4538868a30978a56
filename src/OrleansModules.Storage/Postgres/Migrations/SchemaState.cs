namespace OrleansModules.Storage.Postgres.Migrations;

/// <summary>Where a database is.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Schema">The schema that has the tables.</param>
/// <param name="LastScript">The last script that was applied.</param>
/// <param name="Applied">How many scripts were applied just now.</param>
public sealed record SchemaState(string Database, string Schema, string LastScript, int Applied);
