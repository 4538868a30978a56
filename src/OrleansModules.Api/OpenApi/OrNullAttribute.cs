namespace OrleansModules.Api.OpenApi;

/// <summary>A member that may be absent may be null, too; of a type, every such member.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal sealed class OrNullAttribute : Attribute;
