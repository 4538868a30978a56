using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Replication;
using OrleansModules.Grains.Tests.Hosting;

namespace OrleansModules.Grains.Tests;

/// <summary>What an operator's collector is told of a cluster.</summary>
public sealed class MetricsTests : IClassFixture<TestSilos>, IAsyncDisposable
{
    private readonly TestSilos _silos;
    private readonly MemoryScopeStore _store = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(int Silo, string Name, double Value, string Tags)> _measured = new();

    public MetricsTests(TestSilos silos)
    {
        _silos = silos;
        var meters = Enumerable.Range(0, 3).ToDictionary(i => silos.Get<ClusterMetrics>(i).Meter);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.ContainsKey(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = new List<string>();
            foreach (var tag in tags)
            {
                text.Add($"{tag.Key}={tag.Value}");
            }

            _measured.Enqueue((meters[instrument.Meter], instrument.Name, value, string.Join(' ', text)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _store.DisposeAsync();
    }

    private List<(int Silo, string Name, double Value, string Tags)> Of(string name) => [.. _measured.Where(m => m.Name.Equals(name, StringComparison.Ordinal))];

    private async Task RegisterAsync() => Assert.IsType<ChangeAnswer.Accepted>(await _silos.Engine(0).ChangeAsync(
        new ChangeRequest { Scope = ScopeId.System, Command = new ScopeCommand.RegisterModule(new ModuleDefinition { Name = "kb", DisplayName = "kb" }), Actor = "tester" }, default));

    [Fact]
    public async Task Change_is_measured_for_each_silo_that_took_it_and_for_the_grain_that_decided_it()
    {
        await _silos.UseAsync(_store);
        await RegisterAsync();
        await Eventually.TrueAsync(() => Of("modules.cluster.propagation").Count == 2 && Of("modules.cluster.grain_calls").Count == 1);
        Assert.Equal(2, Of("modules.cluster.propagation").Select(m => m.Tags).Distinct().Count());
        Assert.All(Of("modules.cluster.propagation"), m => Assert.StartsWith("silo=127.0.0.1:", m.Tags, StringComparison.Ordinal));
        Assert.Equal("grain.type=modules-system method=Change outcome=answered", Of("modules.cluster.grain_calls").Single().Tags);
    }

    [Fact]
    public async Task Lost_push_is_counted_as_a_gap_and_the_silo_lags_until_the_feed_has_it()
    {
        await _silos.UseAsync(_store);
        var target = _silos.Get<Orleans.Runtime.ILocalSiloDetails>(1).SiloAddress;
        await _silos.Get<ReplicaClient>(0).PushAsync(target, new PushMessage("test", 1, _silos.Get<Replica>(1).Epoch, Head: 7, []));
        await Eventually.TrueAsync(() => Of("modules.cluster.catch_ups").Any(m => m.Silo == 1));
        Assert.Equal((1, 1), Of("modules.cluster.gaps").Select(m => (m.Silo, (int)m.Value)).Single());
        _listener.RecordObservableInstruments();
        Assert.Equal(7, Of("modules.cluster.feed_lag").Single(m => m.Silo == 1).Value);
        Assert.Equal(0, Of("modules.cluster.feed_lag").Single(m => m.Silo == 0).Value);
    }

    [Fact]
    public async Task Collector_sees_what_waits_on_every_silo()
    {
        await _silos.UseAsync(_store);
        await RegisterAsync();
        await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(s => _silos.Get<Replica>(s).Position == 1 && _silos.Get<Pusher>(s).Lanes.All(l => l.Depth == 0)));
        _listener.RecordObservableInstruments();
        foreach (var name in (string[])["outbox_depth", "resyncs", "stale", "loading", "feed_lag"])
        {
            Assert.Equal([(0, 0d), (1, 0d), (2, 0d)], Of($"modules.cluster.{name}").Select(m => (m.Silo, m.Value)).Order());
        }
    }
}
