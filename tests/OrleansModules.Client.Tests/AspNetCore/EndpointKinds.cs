using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;

namespace OrleansModules.Client.Tests.AspNetCore;

/// <summary>An endpoint of MVC; the framework finds public types only.</summary>
[ApiController]
public sealed class ChatController : ControllerBase
{
    [HttpGet("/workspaces/{workspaceId}/controller")]
    public string Get() => "hello";
}

/// <summary>An endpoint of Razor Components.</summary>
[Microsoft.AspNetCore.Components.Route("/workspaces/{WorkspaceId}/component")]
public sealed class ChatComponent : ComponentBase
{
    [Parameter]
    public string? WorkspaceId { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "hello");
}

/// <summary>Speaks to browsers over a connection that begins with a request.</summary>
public sealed class ChatHub : Hub;
