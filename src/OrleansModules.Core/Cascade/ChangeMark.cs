namespace OrleansModules.Core.Cascade;

/// <summary>Which change of a scope set a value. Immutable, shared by all values that one change set.</summary>
/// <param name="Revision">The scope's revision that the change made.</param>
/// <param name="At">When it was accepted, UTC.</param>
/// <param name="Actor">Who asked for it.</param>
public sealed record ChangeMark(long Revision, DateTime At, string Actor);
