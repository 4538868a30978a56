using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;

namespace OrleansModules.Client.Tests.Hosting;

/// <summary>A service that answers as a test says, in place of the network.</summary>
internal sealed class ScriptedService : HttpMessageHandler
{
    private readonly Channel<ServerStream> _opened = Channel.CreateUnbounded<ServerStream>();

    /// <summary>Every request, in order: path with query.</summary>
    public ConcurrentQueue<HttpRequestMessage> Requests { get; } = new();

    /// <summary>Answers a read of a map.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage> OnMap { get; set; } = _ => Map("s1.o1.w1", Maps.Module("chat"));

    /// <summary>Answers the opening of a stream, where not by a stream.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> OnEvents { get; set; } = _ => null;

    /// <summary>Holds requests back, to be slow.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public static HttpResponseMessage Map(string version, params string[] modules) => Json(Maps.Map(version, modules));

    public static HttpResponseMessage Json(string body, string type = "application/json") =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static HttpResponseMessage Problem(int status, string code, int? retryAfter = null)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent($$"""{"status":{{status}},"code":"{{code}}","detail":"As scripted."}""", Encoding.UTF8, "application/problem+json") };
        answer.Headers.RetryAfter = retryAfter is { } seconds ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) : null;
        return answer;
    }

    /// <summary>Makes this the service of a client on the system's clock, which waits for the first map as long as tests do.</summary>
    public void Serve(ModulesClientOptions options)
    {
        options.Address = new Uri("http://modules.test");
        options.CreateHandler = () => this;
        options.FirstMapPatience = options.StartPatience = Waiting.Patience;
    }

    /// <summary>The next stream that the client opens.</summary>
    public Task<ServerStream> StreamAsync() => _opened.Reader.ReadAsync().AsTask().Soon("the client to open a stream");

    /// <summary>How many maps were asked for.</summary>
    public int MapReads => Requests.Count(r => r.RequestUri!.AbsolutePath.EndsWith("/modules", StringComparison.Ordinal));

    /// <summary>Whether the client let go of it.</summary>
    public bool IsDisposed { get; private set; }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        await Before(request, cancellationToken);
        var answer = request.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal) ? OnEvents(request) ?? Open() : OnMap(request);
        answer.RequestMessage = request;
        return answer;
    }

    private HttpResponseMessage Open()
    {
        var stream = new ServerStream();
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        _opened.Writer.TryWrite(stream);
        return answer;
    }
}
