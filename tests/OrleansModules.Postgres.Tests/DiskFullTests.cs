using System.Security.Cryptography;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Conformance;
using OrleansModules.Testing;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

/// <summary>The disk under the tables runs full and gets room again.</summary>
public sealed class DiskFullTests
{
    private const int Megabytes = 16;
    private const int MostAppends = 2000;

    [SmallDiskFact]
    [Requirement("L7", "a change is durable, or refused and not made")]
    public async Task Append_on_a_full_disk_is_refused_changes_nothing_and_succeeds_when_there_is_room_again()
    {
        using var disk = new SmallDisk(Megabytes);
        using var server = PostgresServer.Start();
        var database = await TestDatabase.CreateAsync(server, empty: true);
        await database.ExecuteAsync($"create tablespace small location '{disk.Directory}'");
        await using var store = await Stores.OpenAsync($"{database.ConnectionString};Options=-c default_tablespace=small");
        await Worlds.FillAsync(store);
        disk.Fill();

        var (layer, made) = (await Worlds.LayerAsync(store, Worlds.Org), 3);
        StoreException? refused = null;
        for (var i = 0; refused is null && i < MostAppends; i++)
        {
            try
            {
                layer = await store.CommitAsync(Large(layer), layer);
                made++;
            }
            catch (StoreException e)
            {
                refused = e;
            }
        }

        Assert.Equal((StoreFailure.Full, false), (refused?.Failure, refused?.OutcomeUnknown));
        Assert.Equal(StoreFailure.Full, (await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(Large(layer), layer))).Failure);
        Assert.Equal(made, (await store.HeadAsync(default)).Position);
        Assert.Equal(made, (await Sample.AllAsync(store)).Count);
        Assert.Equal(Sample.Text(new StoredLayer(Worlds.Org, layer)), Sample.Text(new StoredLayer(Worlds.Org, await Worlds.LayerAsync(store, Worlds.Org))));

        disk.MakeRoom();
        await store.CommitAsync(Large(layer), layer);
        Assert.Equal(made + 1, (await store.HeadAsync(default)).Position);
    }

    // Too random to be made smaller by the database.
    private static ChangeRecord Large(Core.Cascade.Layer before) =>
        Sample.Override(Worlds.Org, before, "chat", null, $$"""{"text":"{{Convert.ToHexString(RandomNumberGenerator.GetBytes(4000))}}"}""");
}
