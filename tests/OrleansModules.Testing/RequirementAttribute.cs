using Xunit.Sdk;

namespace OrleansModules.Testing;

/// <summary>Says which requirement a test proves; becomes the trait <c>Requirement</c>, so that tests can be picked by it.</summary>
/// <param name="id">A law of the cascade (<c>L7</c>), or another short name of a requirement.</param>
/// <param name="text">The part of it that is proved, where the test's name does not say it.</param>
[TraitDiscoverer("OrleansModules.Testing.RequirementDiscoverer", "OrleansModules.Testing")]
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequirementAttribute(string id, string text = "") : Attribute, ITraitAttribute
{
    /// <summary>The requirement.</summary>
    public string Id { get; } = id;

    /// <summary>The part of it that is proved; empty for all of it.</summary>
    public string Text { get; } = text;
}
