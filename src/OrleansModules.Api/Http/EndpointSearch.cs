namespace OrleansModules.Api.Http;

/// <summary>Finds routes by what they were mapped as.</summary>
internal static class EndpointSearch
{
    /// <summary>The one endpoint of a pattern that takes a method.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public static RouteEndpoint Find(this EndpointDataSource routes, string method, string pattern) => routes.Endpoints.OfType<RouteEndpoint>().Single(e =>
        string.Equals(e.RoutePattern.RawText, pattern, StringComparison.Ordinal)
        && e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method, StringComparer.Ordinal) == true);
}
