using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using OrleansModules.Client.Configuration;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.Configuration;

public sealed class ModulesConfigurationTests
{
    private const string Config = """{"model":"large","limits":{"daily":500,"ratio":0.5},"isOn":true,"none":null,"list":["a","b"]}""";

    [Fact]
    public void Modules_are_shown_as_configuration()
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", config: Config, flags: """{"voice":true}"""), Maps.Module("kb")) };
        using var configuration = (ConfigurationRoot)Build(service);
        Assert.Equal("true", configuration["Modules:chat:IsAvailable"]);
        Assert.Equal("true", configuration["modules:CHAT:featureflags:voice"]);
        Assert.Equal(("large", "500", "0.5", "true", null, "b"), (Of("model"), Of("limits:daily"), Of("limits:ratio"), Of("isOn"), Of("none"), Of("list:1")));
        Assert.Equal(500, configuration.GetSection("Modules:chat:Config:limits").Get<Limits>()!.Daily);
        Assert.NotNull(configuration["Modules:kb:IsAvailable"]);

        string? Of(string path) => configuration[$"Modules:chat:Config:{path}"];
    }

    [Fact]
    public void Only_the_modules_asked_for_are_shown()
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat"), Maps.Module("kb")) };
        using var configuration = (ConfigurationRoot)Build(service, s =>
        {
            s.Modules.Add("kb");
            s.Prefix = "Shell:Parts";
        });
        Assert.Equal(["Shell:Parts:kb"], configuration.GetSection("Shell:Parts").GetChildren().Select(c => c.Path));
    }

    [Fact]
    [Requirement("C1")]
    public async Task Change_reloads_the_configuration()
    {
        var service = new ScriptedService { OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("chat", config: Config)) };
        using var configuration = (ConfigurationRoot)Build(service);
        var models = new ConcurrentQueue<string?>();
        using var watching = ChangeToken.OnChange(configuration.GetReloadToken, () => models.Enqueue(configuration["Modules:chat:Config:model"]));
        service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("chat", config: """{"model":"small"}"""));
        await (await service.StreamAsync()).SendVersionAsync("s1.o1.w2");
        Assert.Equal("small", models.Last()); // What was loaded at first may still be announced before.
        Assert.Null(configuration["Modules:chat:Config:limits:daily"]);
    }

    [Fact]
    public void Service_away_leaves_optional_configuration_empty()
    {
        using var configuration = (ConfigurationRoot)Build(new ScriptedService { OnMap = _ => throw new HttpRequestException("Connection refused") });
        Assert.Empty(configuration.GetChildren());
    }

    [Fact]
    public void Service_away_stops_a_host_that_needs_it_and_says_why()
    {
        var service = new ScriptedService { OnMap = _ => throw new HttpRequestException("Connection refused") };
        var refused = Assert.Throws<InvalidOperationException>(() => Build(service, s => s.IsOptional = false));
        Assert.Contains("workspace/red", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_that_finds_nothing_leaves_the_provider_at_work()
    {
        await using var fixture = new ClientFixture();
        using var configuration = (ConfigurationRoot)new ConfigurationBuilder().AddOrleansModules(s => (s.Client, s.Scope, s.IsOptional) = (fixture.Client, ClientFixture.Red, false)).Build();
        var stream = await fixture.Service.StreamAsync();
        await stream.SendVersionAsync("s1.o1.w1");
        fixture.Service.OnMap = _ => ScriptedService.Problem(404, "workspace-not-found");
        Assert.Equal(CopyState.NotFound, (await fixture.Client.RefreshAsync(ClientFixture.Red)).State);
        Assert.Throws<InvalidOperationException>(configuration.Reload);
        fixture.Service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("chat"));
        await fixture.Client.RefreshAsync(ClientFixture.Red);
        configuration.Reload();
        Assert.Equal("true", configuration["Modules:chat:IsAvailable"]);
    }

    [Fact]
    public async Task Shared_client_stays_the_callers()
    {
        await using var fixture = new ClientFixture();
        using (new ConfigurationBuilder().AddOrleansModules(s => (s.Client, s.Scope) = (fixture.Client, ClientFixture.Red)).Build() as IDisposable)
        {
            // Ended with the configuration.
        }

        Assert.True(fixture.Client.IsAvailable(ClientFixture.Red, "chat"));
        Assert.NotNull(await fixture.Client.GetAsync(ModuleScope.Workspace("blue")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Client_of_the_provider_ends_with_it_and_with_a_refused_start(bool isOptional)
    {
        var service = new ScriptedService { OnMap = _ => throw new HttpRequestException("Connection refused") };
        try
        {
            ((ConfigurationRoot)Build(service, s => s.IsOptional = isOptional)).Dispose();
        }
        catch (InvalidOperationException) when (!isOptional)
        {
            Assert.False(isOptional);
        }

        Assert.True(service.IsDisposed);
    }

    [Fact]
    public void Values_that_do_not_appear_are_explained_in_the_log()
    {
        using var log = new TestLog();
        using var configuration = (ConfigurationRoot)Build(new ScriptedService { OnMap = _ => ScriptedService.Problem(401, "unauthorized") }, s => s.Loggers = log);
        Assert.Contains(log.Lines, l => l.Id == 3 && l.Message.Contains("Unauthorized", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_settings_are_refused_all_at_once()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Build(new ScriptedService(), s =>
        {
            s.Service.Address = null;
            s.Scope = default;
            s.LoadPatience = TimeSpan.FromSeconds(-5);
            s.Prefix = "";
        }));
        Assert.All(["Scope", "LoadPatience", "Prefix", "Service.Address"], name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Source_without_scope_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ConfigurationBuilder().AddOrleansModules(s => s.Service.Address = new Uri("http://modules.test")).Build());

    private static IConfigurationRoot Build(ScriptedService service, Action<ModulesConfigurationSource>? configure = null) => new ConfigurationBuilder().AddOrleansModules(s =>
    {
        service.Serve(s.Service);
        s.LoadPatience = Waiting.Patience;
        s.Scope = ClientFixture.Red;
        configure?.Invoke(s);
    }).Build();

    private sealed record Limits(int Daily);
}
