using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansModules.Api.Access;

namespace OrleansModules.Api.OpenApi;

/// <summary>Adds parameters and the operation id, which handlers without bound parameters do not tell.</summary>
internal sealed partial class OperationTransformer : IOpenApiOperationTransformer
{
    private static readonly string[] WriteHeaders = ["If-Match", "Idempotency-Key", "X-Actor", "X-Change-Reason"];

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().FirstOrDefault() is not { } described)
        {
            return Task.CompletedTask;
        }

        var method = context.Description.HttpMethod;
        operation.OperationId = string.Equals(method, HttpMethods.Head, StringComparison.Ordinal) ? described.Id + "Head" : described.Id;
        operation.Parameters = [];
        foreach (Match placeholder in PlaceholderPattern().Matches(context.Description.RelativePath ?? ""))
        {
            var name = placeholder.Groups["name"].Value;
            operation.Parameters.Add(Parameter(name, ParameterLocation.Path));
        }

        string[] query = described.IsWrite ? [.. described.Query, "force"] : described.Query;
        foreach (var name in query)
        {
            operation.Parameters.Add(Parameter(name, ParameterLocation.Query));
        }

        IEnumerable<string> headers = described.Headers;
        headers = described.IsWrite ? headers.Concat(WriteHeaders) : described.IsConditional ? headers.Append("If-None-Match") : headers;
        foreach (var name in headers)
        {
            operation.Parameters.Add(Parameter(name, ParameterLocation.Header));
        }

        if (described.IsConditional)
        {
            // An answer without a body is left out of what routes tell of.
            operation.Responses ??= [];
            operation.Responses["304"] = new OpenApiResponse { Description = "Not Modified" };
        }

        DescribeAccess(operation, context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().Single());
        return Task.CompletedTask;
    }

    private static void DescribeAccess(OpenApiOperation operation, AccessRule rule)
    {
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions["x-access-action"] = new JsonNodeExtension(JsonValue.Create(AuditTrail.Word(rule.Action)));
        operation.Extensions["x-access-scope"] = new JsonNodeExtension(JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(rule.Kind.ToString())));
        if (rule.Action == AccessAction.Public)
        {
            operation.Security = [];
        }
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place) => new()
    {
        Name = name,
        In = place,
        Required = place == ParameterLocation.Path,
        Description = ParameterTexts.Of(name),
        Schema = new OpenApiSchema
        {
            Type = name switch
            {
                "limit" or "before" or "revision" => JsonSchemaType.Integer,
                "force" or "enabled" => JsonSchemaType.Boolean,
                _ => JsonSchemaType.String,
            },
        },
    };

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlaceholderPattern();
}
