using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansModules.Client.Tests.Hosting;

/// <summary>Keeps what was logged.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    /// <summary>Event ids and messages.</summary>
    public ConcurrentQueue<(int Id, string Message, LogLevel Level)> Lines { get; } = new();

    public int Count(int id) => Lines.Count(l => l.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((eventId.Id, formatter(state, exception) + (exception is null ? "" : " " + exception), logLevel));

    public void Dispose()
    {
        // Nothing is held.
    }
}
