using Microsoft.OpenApi;

namespace OrleansModules.Api.OpenApi;

/// <summary>Sets up the OpenAPI document.</summary>
internal static class OpenApiSetup
{
    /// <summary>Registers the document <c>v1</c>.</summary>
    public static void AddModulesOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddOperationTransformer<OperationTransformer>();
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
            return Task.CompletedTask;
        });
    });
}
