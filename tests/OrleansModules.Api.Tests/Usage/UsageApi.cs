using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Usage;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Usage;

/// <summary>The application on New Year's Day 2030 with modules <c>kb</c> and <c>chat</c>, organization <c>acme</c> with workspaces <c>w1</c> and <c>w2</c>, and a queue that is written.</summary>
internal sealed class UsageApi : IAsyncDisposable
{
    public const string Usage = "/api/platform/usage";

    public const string RollUp = $"{Usage}/roll-up";

    public const string Statistics = $"{Orgs}/acme/usage";

    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;

    private UsageApi(ApiFixture api) => Api = api;

    public ApiFixture Api { get; }

    public static async Task<UsageApi> StartAsync(Action<IServiceCollection>? configure = null, bool isWriting = true, params (string Name, string Value)[] settings)
    {
        var api = new UsageApi(await ApiFixture.StartWithAsync(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
                configure?.Invoke(builder.Services);
            },
            settings: settings));
        await api.Api.RegisterAsync("kb");
        await api.Api.RegisterAsync("chat");
        await api.Api.ScopesAsync();
        (await api.Api.PutAsync($"{Workspaces}/w2", """{"orgId":"acme"}""")).Is(201);
        if (isWriting)
        {
            api._writing = api.Api.App.Services.GetRequiredService<UsageQueue>().RunAsync(_ => { }, () => { }, api._stop.Token);
        }

        return api;
    }

    /// <summary>Sums for <c>period module type events quantity peakActors peakWorkspaces</c>.</summary>
    public static string[] Sums(Answer answer) =>
        [.. answer.Is(200).Json["usage"]!.AsArray().Select(u => $"{u!["period"]} {u["module"]} {u["eventType"]} {u["events"]} {u["quantity"]} {u["peakActors"]} {u["peakWorkspaces"]}")];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        await Api.DisposeAsync();
    }
}
