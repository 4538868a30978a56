using System.Text;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Sql.Tests.Changes;

public sealed class ProvenanceDifferenceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Provenance_in_sql_and_in_the_service_is_carried_the_same_over_random_edits()
    {
        var dice = new Dice(Random.Shared.Next());
        var (inputs, expected) = (new List<string>(), new List<string>());
        for (var history = 0; history < 400; history++)
        {
            var before = dice.Object(3);
            var provenance = Provenance.New(Mark(1));
            for (var revision = 2; revision < 8; revision++)
            {
                var after = dice.Chance(30) ? dice.Object(3) : dice.Chance(50) ? JsonMerge.Deep(before, dice.Object(2)) : JsonMerge.Shallow(before, dice.Object(1));
                inputs.Add($$"""{"provenance":{{Text(provenance)}},"before":{{before}},"after":{{after}},"mark":{{Text(Mark(revision))}}}""");
                using (var old = before.Open())
                using (var next = after.Open())
                {
                    provenance = provenance.After(old.RootElement, next.RootElement, Mark(revision));
                }

                expected.Add(Text(provenance));
                before = after;
            }
        }

        await using var command = database.Source.CreateCommand(
            "select mgmt_provenance_after(i -> 'provenance', i -> 'before', i -> 'after', i -> 'mark')::text from unnest($1) with ordinality u (i, n) order by n");
        command.Parameters.Add(new NpgsqlParameter { Value = inputs.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Jsonb });
        await using var reader = await command.ExecuteReaderAsync();
        foreach (var (input, wanted) in inputs.Zip(expected))
        {
            Assert.True(await reader.ReadAsync());
            var actual = JsonObjectValue.Parse(reader.GetString(0)).ToString();
            Assert.True(JsonObjectValue.Parse(wanted).ToString() == actual, $"{input}\nservice {wanted}\nSQL     {actual}");
        }
    }

    private static ChangeMark Mark(int revision) => new(revision, new DateTime(2030, 1, 2, 3, 4, revision, 5, DateTimeKind.Utc), $"actor {revision}");

    private static string Text(ChangeMark mark) => Write(writer => LayerJson.WriteMark(writer, mark));

    private static string Text(Provenance provenance) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("whole");
        LayerJson.WriteMark(writer, provenance.Whole);
        if (provenance.Exceptions is { } exceptions)
        {
            writer.WriteStartObject("exceptions");
            foreach (var (pointer, mark) in exceptions)
            {
                writer.WritePropertyName(pointer);
                LayerJson.WriteMark(writer, mark);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
