using System.Text.Json;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact]
    public void Modules_that_scopes_have_in_common_are_one_object()
    {
        var (chat, kb) = (Maps.Module("chat", config: """{"a":1}"""), Maps.Module("kb"));
        var (one, other) = (Maps.Read(Maps.Map("s1.o1.w1", chat, kb)), Maps.Read(Maps.Map("s1.o2.w2", Maps.Module("chat", config: """{"a":2}"""), kb)));
        Assert.Same(one.Find("kb"), other.Find("kb"));
        Assert.NotSame(one.Find("chat"), other.Find("chat"));
        Assert.Equal((1, 2), (one.Find("chat")!.Config.Get("a", 0), other.Find("chat")!.Config.Get("a", 0)));
    }

    [Fact]
    public void Pool_holds_nothing_that_nobody_holds()
    {
        var pool = new ModulePool();
        var lost = Lose(pool);
        GC.Collect();
        Assert.False(lost.TryGetTarget(out _));
        Assert.NotNull(Get(pool, 0));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference<EffectiveModule> Lose(ModulePool pool)
        {
            for (var i = 1; i < 5000; i++)
            {
                Get(pool, i); // enough to sweep
            }

            return new WeakReference<EffectiveModule>(Get(pool, 0));
        }

        static EffectiveModule Get(ModulePool pool, int number) => pool.Get(System.Text.Json.JsonElement.Parse(Maps.Module($"m{number}")));
    }

    private const string Config = """{"model":"large","limits":{"daily":500,"ratio":0.5,"big":4294967296},"isOn":true,"none":null,"list":[1,2],"a.b":1,"a":{"b":2}}""";

    [Fact]
    public void Module_has_everything_the_service_says()
    {
        var chat = Maps.Read(Maps.Map("s3.o2.w1", Maps.Module("chat", isAvailable: false, flags: """{"voice":true}""", reasons: """[{"code":"disabled-by-workspace","scope":"workspace/red"},{"code":"dependency-unavailable","module":"kb"}]"""))).Find("chat")!;
        Assert.False(chat.IsAvailable);
        Assert.Equal([new ModuleReason("disabled-by-workspace", "workspace/red", null), new ModuleReason("dependency-unavailable", null, "kb")], chat.Reasons.ToArray());
        Assert.Equal((2, "functional", "2.1.0", true, null, false), (chat.Tier, chat.Type, chat.Version, chat.SystemEnabled, chat.OrgEnabled, chat.WorkspaceEnabled));
        Assert.Equal([new ModuleDependency("ai", "^1.2.0", true)], chat.Dependencies.ToArray());
        Assert.Equal(["chat.use"], chat.RequiredPermissions.ToArray());
        Assert.True(chat.FeatureFlags["voice"]);
        Assert.False(chat.HasFeature("voice"), "the module is off");
    }

    [Fact]
    public void Config_is_read_by_type()
    {
        var config = Maps.Read(Maps.Map("s1.o1.w1", Maps.Module("chat", config: Config))).Find("chat")!.Config;
        Assert.Equal("large", config.Get("model", "small"));
        Assert.Equal(500, config.Get("limits.daily", 1));
        Assert.Equal(4294967296, config.Get("limits.big", 1L));
        Assert.Equal(0.5, config.Get("limits.ratio", 1.0));
        Assert.True(config.Get("isOn", false));
        Assert.Equal([1, 2], config.Get<int[]>("list")!);
        Assert.Equal(new Limits(500), config.Get<Limits>("limits"));
        Assert.Equal(1, config.Get("a.b", 0));
        Assert.Equal("large", config.Bind<Whole>().Model);
        Assert.Same(config.Bind<Whole>(), config.Bind<Whole>());
    }

    [Fact]
    public void Config_of_another_type_or_missing_gives_the_fallback()
    {
        var config = Maps.Read(Maps.Map("s1.o1.w1", Maps.Module("chat", config: Config))).Find("chat")!.Config;
        Assert.Equal(7, config.Get("model", 7));
        Assert.Equal(7, config.Get("limits.big", 7));
        Assert.Equal(7, config.Get("limits.ratio", 7));
        Assert.Equal("x", config.Get("isOn", "x"));
        Assert.True(config.Get("nowhere", true));
        Assert.Equal("x", config.Get("none", "x"));
        Assert.Null(config.Get<Limits>("list"));
        Assert.False(config.TryGet<DateTimeOffset>("model", out _));
    }

    [Theory]
    [InlineData("chat,kb", "chat,kb")]
    [InlineData("chat,kb", "kb,chat")]
    [InlineData("chat,kb", "chat")]
    [InlineData("chat", "chat,kb")]
    [InlineData("chat,kb", "")]
    public void Maps_read_one_after_another_each_find_their_own_modules(string one, string other)
    {
        foreach (var names in new[] { one, other, one }.Select(n => n.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            var map = Maps.Read(Maps.Map("s1.o1.w1", [.. names.Select(n => Maps.Module(n))]));
            Assert.Equal(names, map.Modules.Select(m => m.Name));
            Assert.All(["chat", "kb", "voice"], name => Assert.Same(map.Modules.FirstOrDefault(m => m.Name == name), map.Find(name)));
        }
    }

    [Fact]
    public void Modules_that_did_not_change_are_the_same_objects()
    {
        var before = Maps.Read(Maps.Map("s1.o1.w1", Maps.Module("chat"), Maps.Module("kb"), Maps.Module("old")));
        var after = Maps.Read(Maps.Map("s2.o1.w1", Maps.Module("chat"), Maps.Module("kb", isAvailable: false), Maps.Module("new")), before);
        Assert.Same(before.Find("chat"), after.Find("chat"));
        Assert.Equal(["kb", "new", "old"], after.ChangedSince(before).ToArray());
        Assert.Equal(["chat", "kb", "new"], after.ChangedSince(null).ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"modules":[],"version":"s1.o1"}""")]
    [InlineData("""{"modules":[],"version":7}""")]
    [InlineData("""{"modules":{},"version":"s1.o1.w1"}""")]
    [InlineData("""{"version":"s1.o1.w1"}""")]
    [InlineData("""{"modules":[{"name":"chat"}],"version":"s1.o1.w1"}""")]
    [InlineData("""{"modules":[{"name":"chat","isAvailable":"yes","isEnabled":true}],"version":"s1.o1.w1"}""")]
    [InlineData("""{"modules":[{"name":"a","isAvailable":true,"isEnabled":true},{"name":"a","isAvailable":true,"isEnabled":true}],"version":"s1.o1.w1"}""")]
    public void What_is_no_map_is_refused(string body) => Assert.ThrowsAny<JsonException>(() => Maps.Read(body));

    [Fact]
    public void Fields_of_a_newer_service_are_no_fault()
    {
        var chat = Maps.Read("""{"news":1,"modules":[{"name":"chat","isAvailable":true,"isEnabled":true,"news":{}}],"version":"s1.o1.w1"}""").Find("chat")!;
        Assert.True(chat.IsAvailable);
        Assert.Null(chat.Config.Bind<Whole>().Model);
        Assert.Equal(JsonValueKind.Object, chat.Json.GetProperty("news").ValueKind);
    }

    private sealed record Limits(int Daily);

    private sealed record Whole(string? Model);
}
