namespace OrleansModules.Storage.Journal;

/// <summary>References to everything the state knew at one moment. Immutable.</summary>
/// <param name="Position">Position of the last change.</param>
/// <param name="Address">Logical address after that change.</param>
/// <param name="System">The system scope.</param>
/// <param name="Orgs">Organizations by id, in no order.</param>
/// <param name="Workspaces">Workspaces by id, in no order.</param>
/// <param name="Operations">Remembered operation ids, in the order of their changes.</param>
internal sealed record StateCopy(
    long Position,
    long Address,
    ScopeEntry System,
    KeyValuePair<string, ScopeEntry>[] Orgs,
    KeyValuePair<string, ScopeEntry>[] Workspaces,
    KeyValuePair<string, OperationEntry>[] Operations);
