using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.DependencyInjection;

public sealed class ServicesTests
{
    [Fact]
    public async Task Host_starts_with_the_maps_of_configured_scopes()
    {
        var service = new ScriptedService();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansModules:Address"] = "http://modules.test",
            ["OrleansModules:Workspaces:0"] = "red",
            ["OrleansModules:StaleAfter"] = "00:02:00",
        });
        builder.Services.AddOrleansModules(builder.Configuration.GetSection(ModulesClientOptions.Section), o => (o.CreateHandler, o.StartPatience) = (() => service, Waiting.Patience));
        using var host = builder.Build();
        await host.StartAsync();
        var modules = host.Services.GetRequiredService<IModuleAvailability>();
        Assert.True(modules.IsAvailable(ClientFixture.Red, "chat"));
        Assert.Equal(TimeSpan.FromMinutes(2), host.Services.GetRequiredService<IOptions<ModulesClientOptions>>().Value.StaleAfter);
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_starts_without_the_service_after_its_patience()
    {
        var time = new ManualTime();
        var service = new ScriptedService { Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, time, token) };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddOrleansModules(o =>
        {
            o.Address = new Uri("http://modules.test");
            o.CreateHandler = () => service;
            o.Workspaces.Add("red");
        });
        using var host = builder.Build();
        var starting = host.StartAsync();
        await time.ArmedAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        await starting.Soon("the host to start");
        Assert.Equal(CopyState.Unknown, host.Services.GetRequiredService<IModuleAvailability>().Status(ClientFixture.Red).State);
    }

    [Fact]
    public async Task Wrong_settings_stop_the_start_and_are_all_named()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOrleansModules(o =>
        {
            o.Address = new Uri("ftp://modules.test");
            o.Workspaces.Add("no/id");
            o.MaxScopes = 0;
            o.MaxMapBytes = 1;
            o.StaleAfter = TimeSpan.Zero;
            o.MinRetryDelay = TimeSpan.FromHours(2);
        });
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.All(
            ["Address", "no/id", "MaxScopes", "MaxMapBytes", "StaleAfter", "MinRetryDelay"],
            word => Assert.Contains(refused.Failures, f => f.Contains(word, StringComparison.Ordinal)));
        Assert.Equal(6, refused.Failures.Count());
    }

    [Fact]
    public void Client_without_address_is_refused() => Assert.Throws<ArgumentException>(() => new ModulesClient(new ModulesClientOptions()));

    [Fact]
    public void More_configured_scopes_than_places_are_refused() => Assert.Throws<ArgumentException>(() =>
        new ModulesClient(new ModulesClientOptions { Address = new Uri("http://modules.test"), MaxScopes = 1, Workspaces = ["a"], Orgs = ["b"] }));

    [Fact]
    public async Task Scope_configured_twice_takes_one_place()
    {
        await using var fixture = new ClientFixture(o =>
        {
            o.MaxScopes = 1;
            o.Workspaces.Add("red");
            o.Workspaces.Add("red");
        });
        Assert.Equal(1, fixture.Client.FollowedCount);
    }

    [Theory]
    [InlineData("http://user:secret@modules.test", "om_1", "Address")]
    [InlineData("http://modules.test", "om secret", "Token")]
    [InlineData("http://modules.test", "om_secret\n2", "Token")]
    public void Secret_in_the_wrong_place_is_refused_and_not_repeated(string address, string token, string setting)
    {
        var refused = Assert.Throws<ArgumentException>(() => new ModulesClient(new ModulesClientOptions { Address = new Uri(address), Token = token }));
        Assert.StartsWith(setting, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scope_that_names_nothing_cannot_be_entered() => Assert.Throws<ArgumentException>(() => AmbientModuleScope.Enter(default));

    [Fact]
    public void Entered_scopes_nest()
    {
        var accessor = new AmbientModuleScope();
        Assert.Null(accessor.Scope);
        using (AmbientModuleScope.Enter(ModuleScope.Org("acme")))
        {
            using (AmbientModuleScope.Enter(ClientFixture.Red))
            {
                Assert.Equal(ClientFixture.Red, accessor.Scope);
            }

            Assert.Equal(ModuleScope.Org("acme"), accessor.Scope);
        }

        Assert.Null(accessor.Scope);
    }
}
