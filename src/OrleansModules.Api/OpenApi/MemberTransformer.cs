using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansModules.Api.OpenApi;

/// <summary>Says of members of contracts that may be absent, which are those with a default, that they are not null.</summary>
/// <remarks>The framework leaves them out of what is required, and takes every '?' for null. <see cref="OrNullAttribute"/> keeps null.</remarks>
internal sealed class MemberTransformer : IOpenApiSchemaTransformer
{
    // How the framework notes on a schema that is written as a reference that it may be null.
    private const string NullableNote = "x-is-nullable-property";

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { AssociatedParameter.HasDefaultValue: true } member)
        {
            schema.Default = null;
            if (!IsOrNull(member))
            {
                schema.Type &= ~JsonSchemaType.Null;
                schema.Metadata?.Remove(NullableNote);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsOrNull(JsonPropertyInfo member) =>
        member.AttributeProvider?.IsDefined(typeof(OrNullAttribute), inherit: false) == true || member.DeclaringType.IsDefined(typeof(OrNullAttribute), inherit: false);
}
