using OrleansModules.Core.Queues;

namespace OrleansModules.Core.Usage;

/// <summary>Usage events on their way into the store.</summary>
public sealed class UsageQueue(IUsageStore store, TimeProvider time, int capacity) : BulkQueue<UsageEvent>(store.WriteAsync, time, capacity);
