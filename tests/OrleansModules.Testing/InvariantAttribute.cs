namespace OrleansModules.Testing;

/// <summary>Names the invariant of the cluster, as in docs/cluster.md, that a test proves.</summary>
/// <param name="id">Id of the invariant, such as <c>I7</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class InvariantAttribute(string id) : Attribute
{
    /// <summary>Id of the invariant.</summary>
    public string Id { get; } = id;
}
