using System.Diagnostics.Metrics;

namespace OrleansModules.Grains;

/// <summary>Metrics of the cluster engine. Safe for concurrent use.</summary>
internal sealed class ClusterMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OrleansModules";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _propagation;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _catchUps;

    public ClusterMetrics()
    {
        _propagation = _meter.CreateHistogram<double>("modules.cluster.propagation", "ms", "From the commit of a change until another silo said that it took it.");
        _failures = _meter.CreateCounter<long>("modules.cluster.push_failures", "{push}", "Pushes that a silo did not answer.");
        _catchUps = _meter.CreateCounter<long>("modules.cluster.catch_ups", "{read}", "Reads of the feed because a push was missing or the membership changed.");
    }

    /// <summary>Starts to observe what is waiting.</summary>
    public void Observe(Func<int> waiting, Func<long> resyncs, Func<double> staleSeconds, Func<int> loading)
    {
        _meter.CreateObservableGauge("modules.cluster.outbox_depth", waiting, "{scope}", "Scopes with changes that another silo has not taken yet.");
        _meter.CreateObservableCounter("modules.cluster.resyncs", resyncs, "{resync}", "How often what waited for a silo was let go because it was too much.");
        _meter.CreateObservableGauge("modules.cluster.stale", staleSeconds, "s", "For how long the record has not confirmed what this silo answers; 0 within the lease.");
        _meter.CreateObservableGauge("modules.cluster.loading", loading, "{scope}", "Scopes that are being read from the record because they were asked for.");
    }

    public void Propagated(TimeSpan elapsed) => _propagation.Record(elapsed.TotalMilliseconds);

    public void PushFailed() => _failures.Add(1);

    public void CaughtUp() => _catchUps.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
