using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansModules.Api.Access;
using OrleansModules.Api.Reads;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Scopes;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Reads;

/// <summary>Reads of many workspaces at once.</summary>
public sealed class BatchReadTests
{
    private const int MapBytes = 40_000;

    [Fact]
    public async Task Large_answer_is_sent_in_parts_and_is_never_in_memory_whole()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb", $"\"config\":{{\"text\":\"{new string('x', MapBytes)}\"}}");
        await api.ScopesAsync();
        var names = string.Join(',', Enumerable.Repeat("\"w1\"", 200).Append("\"nobody\""));
        var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"workspaces":[{{names}}]}"""));
        await using var sent = new FlushRecorder();
        var context = new DefaultHttpContext { Request = { Method = "POST", ContentType = "application/json", Body = body }, Response = { Body = sent } };
        new Caller(Principal.Bootstrap, new AccessRule(AccessAction.SignIn, ScopeKind.System), ScopeId.System).KeepIn(context);

        await api.App.Services.GetRequiredService<BatchRead>().ReadAsync(context);

        var answer = JsonNode.Parse(sent.ToArray())!;
        Assert.Equal(200, answer["results"]!.AsArray().Count);
        Assert.Equal("nobody", (string?)answer["notFound"]![0]);
        Assert.InRange(sent.LargestPart, 1, 4 * MapBytes);
    }

    /// <summary>Remembers how much came between two flushes.</summary>
    private sealed class FlushRecorder : MemoryStream
    {
        private long _flushed;

        public long LargestPart { get; private set; }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            LargestPart = Math.Max(LargestPart, Length - _flushed);
            _flushed = Length;
            return base.FlushAsync(cancellationToken);
        }
    }
}
