using System.Diagnostics.Metrics;

namespace OrleansModules.Grains;

/// <summary>Metrics of the cluster engine. Safe for concurrent use.</summary>
internal sealed class ClusterMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OrleansModules";

    private readonly Histogram<double> _propagation;
    private readonly Histogram<double> _calls;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _catchUps;

    public ClusterMetrics()
    {
        _propagation = Meter.CreateHistogram<double>("modules.cluster.propagation", "ms", "From the commit of a change until another silo, the tag silo, said that it took it.");
        _calls = Meter.CreateHistogram<double>("modules.cluster.grain_calls", "ms", "Calls that grains of this silo answered, by type of grain, method and outcome.");
        _failures = Meter.CreateCounter<long>("modules.cluster.push_failures", "{push}", "Pushes that a silo, the tag silo, did not answer.");
        _gaps = Meter.CreateCounter<long>("modules.cluster.gaps", "{push}", "Pushes that told of changes before them that this silo did not have.");
        _catchUps = Meter.CreateCounter<long>("modules.cluster.catch_ups", "{read}", "Reads of the feed because a push was missing or the membership changed.");
    }

    /// <summary>The meter of this silo.</summary>
    public Meter Meter { get; } = new(MeterName);

    /// <summary>Starts to observe what is waiting.</summary>
    public void Observe(Func<int> waiting, Func<long> resyncs, Func<double> staleSeconds, Func<int> loading, Func<long> lag)
    {
        Meter.CreateObservableGauge("modules.cluster.outbox_depth", waiting, "{scope}", "Scopes with changes that another silo has not taken yet.");
        Meter.CreateObservableCounter("modules.cluster.resyncs", resyncs, "{resync}", "How often what waited for a silo was let go because it was too much.");
        Meter.CreateObservableGauge("modules.cluster.stale", staleSeconds, "s", "For how long the record has not confirmed what this silo answers; 0 within the lease.");
        Meter.CreateObservableGauge("modules.cluster.loading", loading, "{scope}", "Scopes that are being read from the record because they were asked for.");
        Meter.CreateObservableGauge("modules.cluster.feed_lag", lag, "{change}", "Changes of the feed that this silo has heard of and does not have yet.");
    }

    public void Propagated(SiloAddress silo, TimeSpan elapsed) => _propagation.Record(elapsed.TotalMilliseconds, Tag(silo));

    public void PushFailed(SiloAddress silo) => _failures.Add(1, Tag(silo));

    public void Gap() => _gaps.Add(1);

    public void CaughtUp() => _catchUps.Add(1);

    /// <summary>Notes a call that a grain of this silo answered.</summary>
    public void Called(string grainType, string method, bool failed, TimeSpan elapsed) => _calls.Record(
        elapsed.TotalMilliseconds, KeyValuePair.Create<string, object?>("grain.type", grainType), KeyValuePair.Create<string, object?>("method", method), KeyValuePair.Create<string, object?>("outcome", failed ? "failed" : "answered"));

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    // Without the generation, which is another after each start.
    private static KeyValuePair<string, object?> Tag(SiloAddress silo) => KeyValuePair.Create<string, object?>("silo", silo.Endpoint.ToString());
}
