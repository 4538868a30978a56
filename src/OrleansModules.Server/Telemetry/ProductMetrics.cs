using System.Diagnostics.Metrics;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Core.Audit;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Tree;
using OrleansModules.Core.Usage;
using OrleansModules.Storage.Postgres;

namespace OrleansModules.Server.Telemetry;

/// <summary>Metrics of the product itself, observed when a collector asks. Requests are measured by the framework's own meters.</summary>
internal sealed class ProductMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OrleansModules";

    private readonly Meter _meter = new(MeterName);

    /// <summary>Registers the instruments.</summary>
    public ProductMetrics(ModuleTree tree, WatchHub watches, BodyCache bodies, IModuleEngine engine, UsageQueue usage, IAuditLog audit, StaleReads stale, FeedFollower follower, RefusedTickets refused)
    {
        _meter.CreateObservableUpDownCounter("modules.tree.orgs", () => tree.OrgCount, "{org}", "Organizations in memory.");
        _meter.CreateObservableUpDownCounter("modules.tree.workspaces", () => tree.WorkspaceCount, "{workspace}", "Workspaces in memory.");
        _meter.CreateObservableUpDownCounter("modules.watches", () => watches.Count, "{watch}", "Open watches; nearly all are event streams.");
        _meter.CreateObservableUpDownCounter("modules.bodies.size", () => bodies.Bytes, "By", "Memory held by serialized answers.");
        _meter.CreateObservableCounter("modules.reads.stale", () => stale.Count, "{answer}", "Answers that were marked stale: the record had not confirmed them within the lease.");
        _meter.CreateObservableCounter("modules.feed.looks", () => follower.Looks, "{look}", "How often the record was asked whether there are changes of others.");
        _meter.CreateObservableCounter(
            "modules.openfeature.refused_tickets",
            () => new[] { new Measurement<long>(refused.Ended, KeyValuePair.Create<string, object?>("reason", "ended")), new Measurement<long>(refused.Foreign, KeyValuePair.Create<string, object?>("reason", "foreign")) },
            "{ticket}",
            "Event streams of evaluations refused because of their address: it had ended, or was not signed here.");
        _meter.CreateObservableGauge("modules.engine.can_change", () => engine.Status.CanChange ? 1 : 0, "1", "1 while changes are accepted.");
        _meter.CreateObservableCounter("modules.usage.written", () => usage.Written, "{event}", "Usage events written.");
        _meter.CreateObservableCounter("modules.usage.dropped", () => usage.Dropped, "{event}", "Usage events lost.");
        _meter.CreateObservableUpDownCounter("modules.usage.waiting", () => usage.Waiting, "{event}", "Usage events that are not written yet.");
        if (audit is PostgresAuditLog queued)
        {
            _meter.CreateObservableCounter("modules.audit.dropped", () => queued.Dropped, "{entry}", "Entries of the audit trail lost.");
            _meter.CreateObservableUpDownCounter("modules.audit.waiting", () => queued.Waiting, "{entry}", "Entries of the audit trail that are not written yet.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
