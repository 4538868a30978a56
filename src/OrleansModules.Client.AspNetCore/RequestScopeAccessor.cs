using Microsoft.AspNetCore.Http;

namespace OrleansModules.Client.AspNetCore;

/// <summary>The scope of the request at hand; outside of requests, the one that was entered.</summary>
internal sealed class RequestScopeAccessor(IHttpContextAccessor requests, ScopeResolver resolve) : IModuleScopeAccessor
{
    private readonly AmbientModuleScope _ambient = new();

    /// <inheritdoc/>
    public ModuleScope? Scope => requests.HttpContext is { } request ? resolve(request) ?? _ambient.Scope : _ambient.Scope;
}
