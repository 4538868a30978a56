using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansModules.Api.Problems;

namespace OrleansModules.Api.Tests.Problems;

/// <summary>A client that hangs up in the middle is no fault of the service, and must not fill its log with errors.</summary>
public sealed class ClientGoneTests
{
    public static TheoryData<Exception, bool, bool> Failures() => new()
    {
        { new ConnectionResetException("Reset."), false, true },
        { new IOException("The stream was reset."), true, true },
        { new OperationCanceledException(), true, true },
        { new IOException("A file of the service."), false, false },
        { new OperationCanceledException(), false, false },
        { new InvalidOperationException(), true, false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failure_is_logged_and_answered_unless_the_client_has_gone(Exception failure, bool isAborted, bool isGone)
    {
        var log = new CountingLogger();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(isAborted) };
        context.Response.Body = body;
        var middleware = new ProblemMiddleware(async _ =>
        {
            await Task.Yield();
            throw failure;
        }, log);

        // Writing a problem to a client that has gone is cancelled: whether it was tried is told by the status.
        _ = await Record.ExceptionAsync(() => middleware.InvokeAsync(context));

        Assert.Equal(isGone ? 0 : 1, log.Errors);
        Assert.Equal(isGone ? 200 : 500, context.Response.StatusCode);
    }

    private sealed class CountingLogger : ILogger<ProblemMiddleware>
    {
        public int Errors { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Errors += logLevel >= LogLevel.Error ? 1 : 0;
    }
}
