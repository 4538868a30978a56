using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansModules.Testing;

/// <summary>Tells the test runner of <see cref="RequirementAttribute"/>.</summary>
public sealed class RequirementDiscoverer : ITraitDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute)
    {
        ArgumentNullException.ThrowIfNull(traitAttribute);
        yield return new("Requirement", (string)traitAttribute.GetConstructorArguments().First());
    }
}
