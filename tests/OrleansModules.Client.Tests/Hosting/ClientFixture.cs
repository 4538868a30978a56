namespace OrleansModules.Client.Tests.Hosting;

/// <summary>A client of a scripted service, on a clock that tests move. Nothing is left to chance: waits are as long as they can be.</summary>
internal sealed class ClientFixture : IAsyncDisposable
{
    public static readonly ModuleScope Red = ModuleScope.Workspace("red");

    /// <summary>Unlike every other wait, so that tests can tell them apart.</summary>
    public static readonly TimeSpan FirstMapPatience = TimeSpan.FromSeconds(7);

    public ClientFixture(Action<ModulesClientOptions>? configure = null, ScriptedService? service = null, ManualTime? time = null)
    {
        Service = service ?? new ScriptedService();
        Time = time ?? new ManualTime();
        Options = new ModulesClientOptions { Address = new Uri("http://modules.test/base"), CreateHandler = () => Service, FirstMapPatience = FirstMapPatience };
        configure?.Invoke(Options);
        Client = new ModulesClient(Options, Log, Time, () => 1);
    }

    public ScriptedService Service { get; }

    public ManualTime Time { get; }

    public TestLog Log { get; } = new();

    public ModulesClientOptions Options { get; }

    public ModulesClient Client { get; }

    public ScopeStatus Status => Client.Status(Red);

    /// <summary>Follows workspace red until its stream is open and has told the version of the first map.</summary>
    public async Task<ServerStream> FollowAsync(string version = "s1.o1.w1")
    {
        await Client.GetAsync(Red);
        var stream = await Service.StreamAsync();
        await stream.SendAsync($"retry: 2000\n\n{Maps.Event(version)}");
        return stream;
    }

    /// <summary>Waits until the client waits for so long before its next attempt, and lets that time pass.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        await Time.ArmedAsync(wait);
        Time.Advance(wait);
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
