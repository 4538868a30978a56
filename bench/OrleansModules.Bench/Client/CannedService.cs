using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansModules.Bench.Client;

/// <summary>Answers the client without a network: every scope has the same map, and streams never begin.</summary>
internal sealed class CannedService(int modules) : HttpMessageHandler
{
    private readonly byte[] _map = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        modules = Enumerable.Range(0, modules).Select(Module),
        version = "s1.o1.w1",
    }));

    /// <summary>The name of a module.</summary>
    public static string Name(int number) => $"module-{number}";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(_map), RequestMessage = request };
        answer.Content.Headers.ContentType = new("application/json");
        return answer;
    }

    private static object Module(int number) => new
    {
        name = Name(number),
        isAvailable = true,
        isEnabled = true,
        config = new { limits = new { daily = 500 + number, burst = 5 }, model = "large" },
        featureFlags = new { voice = true, threads = false },
    };
}
