using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansModules.Api.OpenApi;

/// <summary>Sets up the OpenAPI document.</summary>
internal static class OpenApiSetup
{
    /// <summary>Registers the document <c>v1</c>.</summary>
    public static void AddModulesOpenApi(this IServiceCollection services)
    {
        // Of use to the document only, as all JSON here is read and written by hand: no number comes as text.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddOpenApi("v1", Describe);
    }

    private static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddOperationTransformer<OperationTransformer>();
        options.AddSchemaTransformer<MemberTransformer>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "OrleansModules",
                Version = "v1",
                Description = "Which modules are available in an organization or workspace, with which configuration, and why.",
            };

            // Where the document was asked for is not part of the contract.
            document.Servers = [];
            AddSecurity(document);
            return Task.CompletedTask;
        });
    }

    // Either of the two; public routes say that they need none.
    private static void AddSecurity(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token, or a token of the identity provider." },
            ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "An API token." },
        };
        document.Security = [Requirement("bearer", document), Requirement("apiKey", document)];
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
