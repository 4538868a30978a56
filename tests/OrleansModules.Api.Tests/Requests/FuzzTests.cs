using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Tests.Hosting;
using Xunit.Abstractions;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Requests;

/// <summary>Malformed requests over every operation of the OpenAPI document: no failure of the service, no hang, no change.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Count = 20_000;

    /// <summary>Set the variable <c>FUZZ_SEED</c> to repeat a run.</summary>
    [Fact]
    [Requirement("B19")]
    [SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
    public async Task Malformed_requests_never_fail_the_service_and_change_nothing()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"FUZZ_SEED={seed}");
        await using var api = await ApiFixture.StartWithAsync(
            b => b.Services.AddSingleton(new Throttle(new ThrottleOptions { FailedSignInsPerMinute = 100_000 }, TimeProvider.System)),
            onKestrel: true, ("AtLeastPatience", "00:00:00"));
        await api.RegisterAsync("kb");
        await api.ScopesAsync();
        var paths = (await api.GetAsync("/openapi/v1.json")).Json["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (p.Key, Method: o.Key.ToUpperInvariant()))).ToList();
        Assert.True(paths.Count > 80, $"{paths.Count}");
        var before = await StateAsync(api);
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1, AllowAutoRedirect = false }) { BaseAddress = api.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = api.Client.DefaultRequestHeaders.Authorization;
        var generator = new Malformed(new Random(seed));
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < Count; i++)
        {
            var (path, method) = paths[i % paths.Count];
            using var request = generator.Make(method, path);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var status = await StatusAsync(client, request, patience.Token);
            Assert.True(status < 500, $"FUZZ_SEED={seed}, request {i}: {request.Method} {request.RequestUri} answered {status}.");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        output.WriteLine(string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}")));
        Assert.InRange(statuses.GetValueOrDefault(0), 0, Count / 100);
        Assert.Equal(before, await StateAsync(api));
    }

    /// <summary>The status of the answer; 0 where the connection was closed on a body that nobody was going to read, and the answer with it.</summary>
    private static async Task<int> StatusAsync(HttpClient client, HttpRequestMessage request, CancellationToken patience)
    {
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException e) when (request.Content is not null && e.InnerException is IOException { InnerException: SocketException })
        {
            return 0;
        }
    }

    private static async Task<string> StateAsync(ApiFixture api)
    {
        var parts = new List<string> { $"{api.Store.Appends}" };
        foreach (var path in new[] { Modules, $"{Orgs}/acme/modules", $"{Workspaces}/w1/modules", Orgs, Workspaces })
        {
            var answer = (await api.GetAsync(path)).Is(200);
            parts.Add($"{answer.ETag} {answer.Text}");
        }

        return string.Join('\n', parts);
    }
}
