using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using OrleansModules.Client.FeatureManagement;
using OrleansModules.Client.Tests.Hosting;

namespace OrleansModules.Client.Tests.FeatureManagement;

public sealed class ModuleFeaturesTests : IAsyncDisposable
{
    private readonly ScriptedService _service = new()
    {
        OnMap = _ => ScriptedService.Map("s1.o1.w1", Maps.Module("module-kb", flags: """{"voice":true,"threads":false}"""), Maps.Module("module-off", isAvailable: false, flags: """{"voice":true}""")),
    };

    private readonly ServiceProvider _services;

    public ModuleFeaturesTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FeatureManagement:Beta"] = "true",
            ["FeatureManagement:module-off"] = "true",
        }).Build());
        services.AddLogging();
        services.AddOrleansModules(_service.Serve);
        services.AddFeatureManagement().AddModules();
        _services = services.BuildServiceProvider();
    }

    private IFeatureManager Features => _services.GetRequiredService<IFeatureManager>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Theory]
    [InlineData("module-kb", true)]
    [InlineData("module-off", false)]
    [InlineData("module-kb.flags.voice", true)]
    [InlineData("module-kb.flags.threads", false)]
    [InlineData("module-kb.flags.unknown", false)]
    [InlineData("module-off.flags.voice", false)]
    [InlineData("unknown", false)]
    [InlineData("Beta", true)]
    public async Task Feature_is_what_the_scope_says_and_otherwise_what_configuration_says(string feature, bool isOn)
    {
        using var entered = AmbientModuleScope.Enter(ClientFixture.Red);
        Assert.Equal(isOn, await Features.IsEnabledAsync(feature));
    }

    [Fact]
    public async Task Change_counts_for_the_next_question()
    {
        using var entered = AmbientModuleScope.Enter(ClientFixture.Red);
        Assert.True(await Features.IsEnabledAsync("module-kb"));
        _service.OnMap = _ => ScriptedService.Map("s1.o1.w2", Maps.Module("module-kb", isAvailable: false));
        await (await _service.StreamAsync()).SendVersionAsync("s1.o1.w2");
        Assert.False(await Features.IsEnabledAsync("module-kb"));
    }

    [Fact]
    public async Task Without_a_scope_only_configuration_counts()
    {
        Assert.False(await Features.IsEnabledAsync("module-kb"));
        Assert.True(await Features.IsEnabledAsync("Beta"));
        Assert.Empty(_service.Requests);
    }

    [Fact]
    public async Task Features_of_a_section_or_provider_of_the_host_stay()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("Mine:Beta2", "true")]).Build().GetSection("Mine");
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddOrleansModules(new ScriptedService().Serve);
        services.AddFeatureManagement(section).AddModules().AddModules();
        await using var provider = services.BuildServiceProvider();
        using var entered = AmbientModuleScope.Enter(ClientFixture.Red);
        Assert.True(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("Beta2"));
        Assert.True(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("chat"));
    }

    [Fact]
    public async Task All_features_are_listed_once()
    {
        using var entered = AmbientModuleScope.Enter(ClientFixture.Red);
        var names = new List<string>();
        await foreach (var name in Features.GetFeatureNamesAsync())
        {
            names.Add(name);
        }

        Assert.Equal(["module-kb", "module-kb.flags.threads", "module-kb.flags.voice", "module-off", "module-off.flags.voice", "Beta"], names);
    }
}
