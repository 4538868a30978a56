namespace OrleansModules.Testing;

/// <summary>Names the requirement or law that a test proves.</summary>
/// <param name="id">Id of the requirement or law, such as <c>L1</c> or <c>B28</c>.</param>
/// <param name="text">What it asks for, in few words; null where the id says enough.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequirementAttribute(string id, string? text = null) : Attribute
{
    /// <summary>Id of the requirement or law.</summary>
    public string Id { get; } = id;

    /// <summary>What it asks for.</summary>
    public string? Text { get; } = text;
}
