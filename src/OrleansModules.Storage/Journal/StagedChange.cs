namespace OrleansModules.Storage.Journal;

/// <summary>A change that has its place in the journal but is not durable yet.</summary>
/// <param name="Append">The change.</param>
/// <param name="Position">Its place in the feed.</param>
/// <param name="Address">Its logical address.</param>
internal readonly record struct StagedChange(PendingAppend Append, long Position, long Address);
