using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansModules.Core.Stores;
using OrleansModules.Storage.Postgres;
using OrleansModules.Storage.Postgres.Migrations;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Postgres.Tests;

public sealed class MigratorTests : IAsyncLifetime
{
    private readonly List<Script> _scripts = [Make("0001_first", "create table a (x int)"), Make("0002_second", "create table b (x int); insert into b values (2)")];
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(empty: true);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public void Scripts_of_the_program_are_those_in_the_folder_in_ascending_order()
    {
        Assert.Equal(SqlScripts.Up.Select(Path.GetFileNameWithoutExtension), Script.All.Select(s => s.Name));
        Assert.Equal(Script.All.Select(s => s.Number).Distinct().Order(), Script.All.Select(s => s.Number));
        Assert.Equal(SqlScripts.Up.Select(File.ReadAllText), Script.All.Select(s => s.Text));
    }

    [Fact]
    public async Task Apply_applies_each_script_once()
    {
        Assert.Equal(2, (await Migrator().ApplyAsync(default)).Applied);
        Assert.Equal(0, (await Migrator().ApplyAsync(default)).Applied);
        _scripts.Add(Make("0003_third", "insert into b values (3)"));
        var state = await Migrator().ApplyAsync(default);

        Assert.Equal(new SchemaState(_database.Name, "public", "0003_third", 1), state);
        Assert.Equal("2,3", await _database.ScalarAsync<string>("select string_agg(x::text, ',' order by x) from b"));
        Assert.Equal("0003_third", (await Migrator().CheckAsync(default)).LastScript);
    }

    [Fact]
    public async Task Apply_by_many_at_once_applies_each_script_once()
    {
        var states = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Migrator().ApplyAsync(default)));

        Assert.Equal([0, 0, 0, 0, 0, 2], states.Select(s => s.Applied).Order());
        Assert.Equal(1, await _database.ScalarAsync<long>("select count(*) from b"));
    }

    [Fact]
    public async Task Apply_script_that_fails_changes_nothing_and_is_named()
    {
        _scripts.Add(Make("0003_third", "create table c (x int); select 1 / 0"));

        var refused = await RefusedAsync(() => Migrator().ApplyAsync(default));

        Assert.Contains("0003_third failed", refused, StringComparison.Ordinal);
        Assert.Null(await _database.ScalarAsync<string>("select to_regclass('c')::text"));
        Assert.Equal(2, await _database.ScalarAsync<int>("select max(number) from mgmt_schema_scripts"));
    }

    [Fact]
    public async Task Apply_or_check_of_an_edited_script_is_refused_by_its_name()
    {
        await Migrator().ApplyAsync(default);
        _scripts[0] = Make("0001_first", "create table a (x int) -- edited");

        Assert.Contains("0001_first is not the one that was applied", await RefusedAsync(() => Migrator().ApplyAsync(default)), StringComparison.Ordinal);
        Assert.Contains("0001_first is not the one that was applied", await RefusedAsync(() => Migrator().CheckAsync(default)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_or_check_of_a_newer_database_is_refused()
    {
        await Migrator().ApplyAsync(default);
        _scripts.RemoveAt(1);

        Assert.Contains("0002_second, which this program does not know: the database is newer", await RefusedAsync(() => Migrator().ApplyAsync(default)), StringComparison.Ordinal);
        Assert.Contains("newer than the program", await RefusedAsync(() => Migrator().CheckAsync(default)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_before_goes_on_when_the_later_script_was_taken_back_and_struck_from_the_list()
    {
        await new Migrator(_database.Source, NullLogger.Instance).ApplyAsync(default);
        var before = new Migrator(_database.Source, NullLogger.Instance, [.. Script.All.SkipLast(1)]);
        Assert.Contains("newer than the program", await RefusedAsync(() => before.CheckAsync(default)), StringComparison.Ordinal);

        await SqlScripts.ApplyAsync(_database.Source, SqlScripts.Down.Take(1));
        await _database.ExecuteAsync($"delete from mgmt_schema_scripts where number = {Script.All[^1].Number}");

        Assert.Equal(Script.All[^2].Name, (await before.CheckAsync(default)).LastScript);
        Assert.Equal(1, (await new Migrator(_database.Source, NullLogger.Instance).ApplyAsync(default)).Applied);
    }

    [Fact]
    public async Task Open_that_may_not_migrate_is_refused_with_what_is_missing_and_changes_nothing()
    {
        var options = new PostgresOptions { ConnectionString = _database.ConnectionString, Migrate = false };

        var refused = await RefusedAsync(() => PostgresScopeStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgresScopeStore>.Instance, default));

        Assert.Contains($"lacks the script 0001_scopes to {Script.All[^1].Name}", refused, StringComparison.Ordinal);
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from pg_class where relname like 'mgmt%'"));
        options.Migrate = true;
        await (await PostgresScopeStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgresScopeStore>.Instance, default)).DisposeAsync();
        options.Migrate = false;
        await (await PostgresScopeStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgresScopeStore>.Instance, default)).DisposeAsync();
    }

    [Fact]
    public async Task Scripts_applied_by_hand_are_taken_over_by_saying_so()
    {
        await SqlScripts.ApplyAsync(_database.Source, SqlScripts.Up);
        var options = new PostgresOptions { ConnectionString = _database.ConnectionString };
        var all = Script.All[^1].Number;

        Assert.Contains("migrate --applied", await RefusedAsync(() => Storage.Postgres.Migrations.Migrator.RunAsync(options, null, NullLogger.Instance, default)), StringComparison.Ordinal);
        Assert.Contains($"there are the scripts 1 to {all}", await RefusedAsync(() => Storage.Postgres.Migrations.Migrator.RunAsync(options, all + 1, NullLogger.Instance, default)), StringComparison.Ordinal);
        await Storage.Postgres.Migrations.Migrator.RunAsync(options, all, NullLogger.Instance, default);

        Assert.Equal(0, (await Storage.Postgres.Migrations.Migrator.RunAsync(options, null, NullLogger.Instance, default)).Applied);
        await using var store = await Stores.OpenAsync(_database.ConnectionString);
        await Worlds.FillAsync(store);
    }

    [Fact]
    public async Task Store_in_a_schema_of_its_own_leaves_others_alone()
    {
        await _database.ExecuteAsync("create schema one; create schema two");
        await using var one = await Stores.OpenAsync(_database.ConnectionString + ";Search Path=one");
        await using var two = await Stores.OpenAsync(_database.ConnectionString + ";Search Path=two");

        await Worlds.FillAsync(one);

        Assert.Equal((3, 0), ((await one.HeadAsync(default)).Position, (await two.HeadAsync(default)).Position));
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from pg_class where relname like 'mgmt%' and relnamespace = 'public'::regnamespace"));
    }

    private static Script Make(string name, string text) => Script.Make(name, Encoding.UTF8.GetBytes(text));

    private static async Task<string> RefusedAsync<T>(Func<Task<T>> work)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(work);
        Assert.Equal(StoreFailure.Misconfigured, refused.Failure);
        return refused.Message;
    }

    private Migrator Migrator() => new(_database.Source, NullLogger.Instance, _scripts);
}
