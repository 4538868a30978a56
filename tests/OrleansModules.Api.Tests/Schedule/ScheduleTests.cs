using OrleansModules.Api.Tests.Access;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Schedule;

/// <summary>The warming schedule (requirements K2, E7).</summary>
public sealed class ScheduleTests
{
    private const string Schedule = "/api/platform/schedule";
    private const string Settings = "/api/platform/settings";

    private const string Nights = """
        {"isEnabled":true,"preset":"nights","timeZone":"Europe/Berlin",
         "presets":{"nights":{"intervalMinutes":10,"windows":[{"days":["fri","sat"],"from":"20:00","to":"24:00"},{"days":["sat","sun"],"from":"00:00","to":"04:30"}]}}}
        """;

    [Fact]
    [Requirement("K2")]
    public async Task Schedule_has_defaults_and_presets_before_anybody_said_anything()
    {
        await using var api = await ApiFixture.StartAsync();

        var answer = (await api.GetAsync(Schedule)).Is(200);

        Assert.Equal("""{"isEnabled":false,"preset":"office-hours","presets":{},"timeZone":"UTC"}""", answer.Json["schedule"]!.ToJsonString());
        Assert.Equal(["always", "extended-hours", "office-hours"], answer.Json["presets"]!.AsObject().Select(p => p.Key));
        Assert.Equal($"\"{answer["version"]}\"", answer.ETag);
    }

    [Fact]
    [Requirement("K2")]
    [Requirement("E7")]
    public async Task Schedule_is_changed_with_history_and_revision()
    {
        await using var api = await ApiFixture.StartAsync();
        var before = await api.GetAsync(Schedule);

        var set = (await api.PutAsync(Schedule, Nights, ("If-Match", before.ETag!))).Is(200);

        Assert.Equal("settings-set", set["kind"]);
        var after = (await api.GetAsync(Schedule)).Is(200);
        Assert.Equal(set.ETag, after.ETag);
        Assert.Equal(("true", "nights", "Europe/Berlin"), (after.Json["schedule"]!["isEnabled"]!.ToString(), (string?)after.Json["schedule"]!["preset"], (string?)after.Json["schedule"]!["timeZone"]));
        Assert.Equal(["always", "extended-hours", "office-hours", "nights"], after.Json["presets"]!.AsObject().Select(p => p.Key));
        (await api.PutAsync(Schedule, Nights, ("If-Match", before.ETag!))).IsProblem(412, "revision-mismatch");
        Assert.Equal("false", (await api.PutAsync(Schedule, after.Json["schedule"]!.ToJsonString())).Is(200)["changed"]);
        var change = (await api.GetAsync("/api/platform/history")).Json["changes"]![0]!;
        Assert.Equal("nights", (string?)change["settings"]!["after"]!["warmingSchedule"]!["preset"]);
        Assert.Equal("office-hours", (string?)(await Defaults(api)).Json["schedule"]!["preset"]);

        static async Task<Answer> Defaults(ApiFixture api)
        {
            (await api.PutAsync(Schedule, "{}")).Is(200);
            return await api.GetAsync(Schedule);
        }
    }

    [Fact]
    public async Task Settings_for_shells_and_the_schedule_leave_each_other_alone()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.ScopesAsync();
        (await api.PutAsync(Settings, """{"color":"red"}""")).Is(200);
        (await api.PutAsync(Schedule, Nights)).Is(200);
        (await api.PutAsync(Settings, """{"color":"blue"}""")).Is(200);
        (await api.PatchAsync(Settings, """{"icon":"x"}""")).Is(200);

        Assert.Equal("nights", (string?)(await api.GetAsync(Schedule)).Json["schedule"]!["preset"]);
        var system = (await api.GetAsync(Settings)).Is(200).Json;
        Assert.Equal("""{"color":"blue","icon":"x"}""", system["settings"]!.ToJsonString());
        Assert.Equal("""{"color":"blue","icon":"x"}""", (await api.GetAsync($"{Workspaces}/w1/settings")).Is(200).Json["effective"]!.ToJsonString());
        (await api.PutAsync(Settings, """{"warmingSchedule":{}}""")).IsProblem(400, "unknown-field");
    }

    [Fact]
    [Requirement("K2")]
    public async Task Bad_schedule_is_refused_with_every_fault()
    {
        await using var api = await ApiFixture.StartAsync();

        var refused = (await api.PutAsync(Schedule, """
            {"isEnabled":"yes","preset":"gone","timeZone":"Mars/Olympus","color":1,"presets":{
              "Bad Name":{"intervalMinutes":0,"windows":[]},
              "a":{"windows":[{"days":[],"from":"07:00","to":"25:00"},{"days":["mon","mon"],"from":"08:00","to":"08:00"},{"days":["moon"],"from":"8:00"},5]},
              "b":[]}}
            """)).IsProblem(400, "validation-failed");

        Assert.Equal(
            [
                "invalid-value /isEnabled", "invalid-value /presets/Bad Name", "invalid-value /presets/Bad Name/intervalMinutes", "invalid-value /presets/a/windows/0/days", "invalid-value /presets/a/windows/0/to",
                "invalid-value /presets/a/windows/1/days", "invalid-value /presets/a/windows/1/to", "invalid-value /presets/a/windows/2/days", "invalid-value /presets/a/windows/2/from",
                "invalid-value /timeZone", "missing-field /presets/a/intervalMinutes", "missing-field /presets/a/windows/2/to", "not-an-object /presets/a/windows/3", "not-an-object /presets/b",
                "preset-not-found /preset", "unknown-field /color",
            ],
            refused.Faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Requirement("B20")]
    public async Task Operators_read_the_schedule_and_administrators_change_it()
    {
        await using var api = await ApiFixture.StartAsync();
        var operates = await api.HolderAsync(ScopeId.System, "operator");
        (await api.GetAsync(Schedule, operates)).Is(200);
        (await api.PutAsync(Schedule, "{}", operates)).IsProblem(403, "forbidden");
        (await api.PutAsync(Schedule, Nights, await api.HolderAsync(ScopeId.System, "sys_admin"))).Is(200);
    }
}
