using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansModules.Api.Tests.Hosting;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using static OrleansModules.Api.Tests.Access.Callers;

namespace OrleansModules.Api.Tests.Access;

/// <summary>No secret is anywhere but in the answer that shows it.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task Secrets_are_in_no_log_trace_error_record_or_file()
    {
        var seen = new ConcurrentQueue<string>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => seen.Enqueue($"{a.DisplayName} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Events.SelectMany(e => e.Tags))} {string.Join(' ', a.Baggage)}"),
        };
        ActivitySource.AddActivityListener(traces);
        var api = await ApiFixture.StartWithAsync(
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
                builder.Services.AddSingleton<ILoggerProvider>(new Recorder(seen));
            },
            onKestrel: true);
        await using (api)
        {
            await api.ScopesAsync();
            var made = await api.MakeTokenAsync(ScopeId.Org("acme"), "org_admin");
            var rotated = (await api.PostAsync($"/api/platform/orgs/acme/tokens/{made.Json["token"]!["id"]}/rotate", "{}")).Is(200);
            string[] secrets = [made["secret"]!, rotated["secret"]!, ApiFixture.Bootstrap];
            foreach (var secret in secrets)
            {
                foreach (var header in new[] { Bearer(secret), ("X-API-Key", secret), Bearer(secret + "x"), Bearer(secret[..^1]), ("Authorization", "Basic " + secret) })
                {
                    (string, string)[] headers = header.Item1 is "X-API-Key" ? [header, Nobody] : [header];
                    Keep(await api.GetAsync("/api/platform/orgs/acme/modules", headers));
                    Keep(await api.GetAsync("/api/platform/whoami", headers));
                    Keep(await api.PutAsync("/api/platform/orgs/acme", "{", headers));
                    Keep(await api.PutAsync("/api/platform/orgs/acme/modules/kb", "{}", headers));
                    Keep(await api.GetAsync("/nowhere", headers));
                    api.Store.Failure = new StoreException(StoreFailure.Unavailable, "Away.");
                    Keep(await api.PutAsync("/api/platform/orgs/acme", $$"""{"name":"{{Guid.NewGuid()}}"}""", headers));
                    api.Store.Failure = null;
                }
            }

            foreach (var path in new[] { "history", "audit", "orgs/acme/history", "orgs/acme/audit", "orgs/acme/tokens", "orgs/acme/members" })
            {
                Keep((await api.GetAsync($"/api/platform/{path}?limit=1000".Replace("tokens?limit=1000", "tokens", StringComparison.Ordinal))).Is(200));
            }

            foreach (var file in Directory.EnumerateFiles(api.DataDirectory, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not "lock"))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream);
                seen.Enqueue($"{file}: {await reader.ReadToEndAsync()}");
            }

            Assert.Contains(seen, s => s.Contains("token-rotated", StringComparison.Ordinal));
            Assert.Contains(seen, s => s.Contains("/api/platform/orgs/acme", StringComparison.Ordinal) && s.Contains("http.", StringComparison.Ordinal));
            foreach (var secret in secrets.Select(s => s.Split('.')[^1]))
            {
                Assert.DoesNotContain(seen, s => s.Contains(secret, StringComparison.Ordinal) || s.Contains(secret[..^1], StringComparison.Ordinal));
            }
        }

        void Keep(Answer answer) => seen.Enqueue($"{answer.Text} {answer.Message}");
    }

    private sealed class Recorder(ConcurrentQueue<string> seen) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            seen.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            seen.Enqueue($"{formatter(state, exception)} {(state is IEnumerable<KeyValuePair<string, object?>> fields ? string.Join(' ', fields) : "")} {exception}");

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
