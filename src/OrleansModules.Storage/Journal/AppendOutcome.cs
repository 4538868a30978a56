namespace OrleansModules.Storage.Journal;

/// <summary>What became of an append.</summary>
/// <param name="Kind">Which way it ended.</param>
/// <param name="Number">The position; the logical address of the first change of that operation id; or the scope's current revision.</param>
internal readonly record struct AppendOutcome(AppendOutcomeKind Kind, long Number);
