namespace OrleansModules.Storage.Journal;

/// <summary>Where the change that an operation id named is.</summary>
/// <param name="Address">Logical address of the change.</param>
/// <param name="At">The time of the change, UTC.</param>
internal readonly record struct OperationEntry(long Address, DateTime At);
