using Npgsql;

namespace OrleansModules.Sql.Tests.Changes;

/// <summary>The warming schedule by plain SQL: checked as the service checks it, and a change of the system scope.</summary>
[Requirement("K2")]
public sealed class ScheduleTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{"colour": 1}""")]
    [InlineData("""{"preset": "gone"}""")]
    [InlineData("""{"timeZone": "Mars/Olympus"}""")]
    [InlineData("""{"presets": []}""")]
    [InlineData("""{"presets": {"Bad Name": {"intervalMinutes": 5, "windows": []}}}""")]
    [InlineData("""{"presets": {"a": 1}}""")]
    [InlineData("""{"presets": {"a": {"windows": []}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 2.5, "windows": []}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": "5", "windows": []}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5, "windows": [1]}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5, "windows": [{"days": [], "from": "07:00", "to": "08:00"}]}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5, "windows": [{"days": ["mon", "mon"], "from": "07:00", "to": "08:00"}]}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5, "windows": [{"days": ["mon"], "from": "08:00", "to": "08:00"}]}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5, "windows": [{"days": ["mon"], "from": "8:00", "to": "09:00"}]}}}""")]
    [InlineData("""{"presets": {"a": {"intervalMinutes": 5, "windows": [{"days": ["mon"], "from": "08:00"}]}}}""")]
    public async Task Schedule_that_the_service_would_refuse_is_refused(string document)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync($"insert into mgmt_cfg_sys_lambda (config_key, config_value) values ('warming_schedule', '{document}')"));

        Assert.Equal("OM422", refused.SqlState);
        Assert.Contains("\"code\": \"invalid-value\"", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await _database.ScalarAsync<long>("select revision from mgmt_cfg_sys_scope"));
    }

    [Fact]
    public async Task Change_of_the_row_is_a_change_of_the_system_and_the_other_way_round()
    {
        await _database.ExecuteAsync("insert into mgmt_cfg_sys_lambda (config_key, config_value) values ('other', '1'), ('warming_schedule', '{\"preset\": \"always\"}')");
        Assert.Equal("settings-set", await _database.ScalarAsync<string>("select kind from mgmt_log_changes order by position desc limit 1"));
        Assert.Equal("{\"preset\": \"always\", \"isEnabled\": true}", await _database.ScalarAsync<string>("select (settings -> 'warmingSchedule')::text from mgmt_cfg_sys_scope"));

        await _database.ExecuteAsync("update mgmt_cfg_sys_lambda set description = 'x', config_value = config_value");
        Assert.Equal(1, await _database.ScalarAsync<long>("select revision from mgmt_cfg_sys_scope"));

        await _database.ExecuteAsync("update mgmt_cfg_sys_scope set settings = settings || '{\"warmingSchedule\": {\"isEnabled\": false, \"preset\": \"office-hours\"}}'");
        Assert.Equal("{\"preset\": \"office-hours\"} false x", await _database.ScalarAsync<string>("select concat_ws(' ', config_value, is_active::text, description) from mgmt_cfg_sys_lambda where config_key = 'warming_schedule'"));
        Assert.Equal(2, await _database.ScalarAsync<long>("select revision from mgmt_cfg_sys_scope"));

        await _database.ExecuteAsync("delete from mgmt_cfg_sys_lambda");
        Assert.Equal("{}", await _database.ScalarAsync<string>("select settings::text from mgmt_cfg_sys_scope"));
    }

    [Fact]
    [Requirement("K3")]
    public async Task Old_schedule_of_another_form_is_kept_under_another_key()
    {
        await using var database = await TestDatabase.CreateAsync(empty: true);
        await database.ExecuteAsync("create table sys_lambda_config (config_key text, config_value jsonb); insert into sys_lambda_config values ('warming_schedule', '{\"minutes\": 5}')");

        await SqlScripts.ApplyAsync(database.Source, SqlScripts.Up);

        Assert.Equal("warming_schedule_old {\"minutes\": 5}", await database.ScalarAsync<string>("select config_key || ' ' || config_value from sys_lambda_config"));
    }
}
