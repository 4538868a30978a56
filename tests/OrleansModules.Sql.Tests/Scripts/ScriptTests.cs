using System.Text.RegularExpressions;

namespace OrleansModules.Sql.Tests.Scripts;

public sealed partial class ScriptTests
{
    private const string Objects = """
        select string_agg(what, E'\n' order by what) from (
            select relkind::text || ' ' || relname as what from pg_class where relnamespace = 'public'::regnamespace
            union all
            select 'f ' || oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
            union all
            select 't ' || tgname || ' ' || tgrelid::regclass::text from pg_trigger where not tgisinternal
            union all
            select 'p ' || polname || ' ' || polrelid::regclass::text from pg_policy
            union all
            select 'y ' || typname from pg_type where typnamespace = 'public'::regnamespace and typname not like '\_%') o
        """;

    [Fact]
    [Requirement("K11")]
    public async Task Scripts_all_up_all_down_all_up_again_leave_the_same_objects()
    {
        await using var database = await TestDatabase.CreateAsync(empty: true);

        await SqlScripts.ApplyAsync(database.Source, SqlScripts.Up);
        var first = await database.ScalarAsync<string>(Objects);
        await SqlScripts.ApplyAsync(database.Source, SqlScripts.Down);
        var nothing = await database.ScalarAsync<string>(Objects);
        await SqlScripts.ApplyAsync(database.Source, SqlScripts.Up);
        var second = await database.ScalarAsync<string>(Objects);

        Assert.Null(nothing);
        Assert.Contains("mgmt_cfg_sys_modules", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Fact]
    [Requirement("K11")]
    public async Task Scripts_taken_back_one_by_one_leave_what_was_there_before_each()
    {
        await using var database = await TestDatabase.CreateAsync(empty: true);
        var before = new Stack<string?>();
        foreach (var script in SqlScripts.Up)
        {
            before.Push(await database.ScalarAsync<string>(Objects));
            await SqlScripts.ApplyAsync(database.Source, [script]);
        }

        foreach (var script in SqlScripts.Down)
        {
            await SqlScripts.ApplyAsync(database.Source, [script]);
            Assert.Equal(before.Pop(), await database.ScalarAsync<string>(Objects));
        }
    }

    [Fact]
    [Requirement("D14")]
    public void Tables_are_named_by_what_they_are_for()
    {
        // Names that others gave: the older catalogue (A14, A15), and what Orleans asks for.
        string[] given = ["modules", "tenant_modules", "orleansquery"];
        var names = SqlScripts.Up.SelectMany(file => CreatedTable().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value).Except(given).ToArray();

        Assert.Contains("mgmt_cfg_sys_modules", names);
        Assert.All(names, name => Assert.Matches("^mgmt_(cfg|log|usage|cluster)_[a-z_]+$", name));
    }

    [Fact]
    [Requirement("K11")]
    public void Scripts_each_have_a_down_script_and_follow_each_other_in_number()
    {
        Assert.All(SqlScripts.Down, file => Assert.True(File.Exists(file), file));

        // The scripts of the cluster have numbers of their own, from 100.
        var numbers = SqlScripts.Up.Select(f => int.Parse(Path.GetFileName(f)[..4], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var cluster = numbers.Where(n => n >= 100).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count - cluster.Count).Concat(Enumerable.Range(100, cluster.Count)), numbers);
    }

    [Fact]
    public async Task Scripts_applied_by_psql_alone_as_the_readme_says_give_a_working_database()
    {
        await using var database = await TestDatabase.CreateAsync(empty: true);
        var copy = Path.Combine(Path.GetTempPath(), $"modules-sql-{Guid.NewGuid():N}");
        PostgresBinaries.Run("mkdir", "-m", "777", copy);
        foreach (var script in SqlScripts.Up)
        {
            File.Copy(script, Path.Combine(copy, Path.GetFileName(script)));
        }

        PostgresBinaries.Run("sh", "-c", $"cd {copy} && for f in [0-9]*.sql; do psql -X -q -v ON_ERROR_STOP=1 -1 -f \"$f\" -h 127.0.0.1 -p {database.Server.Port} -U postgres {database.Name} > /dev/null || exit 1; done");

        Directory.Delete(copy, recursive: true);
        await using var asApplied = await TestDatabase.CreateAsync();
        Assert.Equal(await asApplied.ScalarAsync<string>(Objects), await database.ScalarAsync<string>(Objects));
    }

    [GeneratedRegex(@"^create (?:unlogged )?table (?:if not exists )?(\w+)", RegexOptions.Multiline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex CreatedTable();
}
