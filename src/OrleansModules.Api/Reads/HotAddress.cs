using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Reads;

/// <summary>What the address of a hot read names.</summary>
/// <param name="What">What is read.</param>
/// <param name="Scope">Where.</param>
/// <param name="Module">The module, where one is read.</param>
internal readonly record struct HotAddress(HotRead What, ScopeId Scope, string? Module)
{
    private const string Workspaces = "/api/platform/workspaces/";
    private const string Orgs = "/api/platform/orgs/";
    private const string Modules = "/modules";
    private const string Availability = "/availability";

    /// <summary>Reads an address in its usual spelling. Allocates the id, and the module's name.</summary>
    /// <returns>False for whatever is another address, or spelled otherwise.</returns>
    public static bool TryParse(string? path, out HotAddress address)
    {
        address = default;
        var isWorkspace = path?.StartsWith(Workspaces, StringComparison.Ordinal) == true;
        if (path is null || !(isWorkspace || path.StartsWith(Orgs, StringComparison.Ordinal)))
        {
            return false;
        }

        var rest = path.AsSpan(isWorkspace ? Workspaces.Length : Orgs.Length);
        var slash = rest.IndexOf('/');
        if (slash < 0 || !TryParseEnd(rest[slash..], out var what, out var module))
        {
            return false;
        }

        var id = rest[..slash].ToString();
        if (!ScopeId.IsValidId(id))
        {
            return false;
        }

        address = new HotAddress(what, isWorkspace ? ScopeId.Workspace(id) : ScopeId.Org(id), module);
        return true;
    }

    /// <summary>The pattern of the route that has the same addresses, and more spellings of them.</summary>
    public static string Pattern(HotRead what, ScopeKind kind) => (kind == ScopeKind.Org ? Orgs : Workspaces) + "{id}" + what switch
    {
        HotRead.Map => Modules + "/",
        HotRead.Module => Modules + "/{name}",
        _ => Availability,
    };

    private static bool TryParseEnd(ReadOnlySpan<char> end, out HotRead what, out string? module)
    {
        (what, module) = (HotRead.Map, null);
        if (end is Modules)
        {
            return true;
        }

        if (end.StartsWith(Modules, StringComparison.Ordinal) && end[Modules.Length] == '/')
        {
            var name = end[(Modules.Length + 1)..];
            (what, module) = (HotRead.Module, name.ToString());
            return name.Length > 0 && !name.Contains('/');
        }

        what = HotRead.Available;
        return end is Availability;
    }
}

/// <summary>What shells read all the time.</summary>
internal enum HotRead
{
    /// <summary>The effective map.</summary>
    Map,

    /// <summary>One effective module.</summary>
    Module,

    /// <summary>The names of available modules.</summary>
    Available,
}
