using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Server.Startup;

namespace OrleansModules.Server.Demo;

/// <summary>Loads a host's eight modules, some organizations and workspaces (requirement A12) into a store that is still empty.</summary>
internal sealed class DemoData(IModuleEngine engine, IScopeStore store, ServerOptions options, ILogger<DemoData> logger)
{
    private const string Resource = "OrleansModules.Server.Demo.demo.json";

    /// <summary>Loads the data if it was asked for. Does nothing where a change was ever stored, beyond the host's version and tokens.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!options.Demo)
        {
            return;
        }

        if (await HasDataAsync(cancellationToken))
        {
            StartupLog.DemoSkipped(logger);
            return;
        }

        await using var stream = typeof(DemoData).Assembly.GetManifestResourceStream(Resource)!; // embedded by the project file
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var root = document.RootElement;
        foreach (var module in root.GetProperty("modules").EnumerateArray())
        {
            var faults = new List<Fault>();
            var definition = DefinitionJson.Read(module, null, faults) ?? throw new InvalidOperationException($"Demo data: {faults[0].Pointer}: {faults[0].Message}");
            await ChangeAsync(ScopeId.System, new ScopeCommand.RegisterModule(definition), cancellationToken);
        }

        foreach (var org in root.GetProperty("orgs").EnumerateArray())
        {
            await LoadScopeAsync(ScopeId.Org(org.GetProperty("id").GetString()!), null, org, cancellationToken);
        }

        foreach (var workspace in root.GetProperty("workspaces").EnumerateArray())
        {
            await LoadScopeAsync(ScopeId.Workspace(workspace.GetProperty("id").GetString()!), workspace.GetProperty("orgId").GetString(), workspace, cancellationToken);
        }

        StartupLog.DemoLoaded(logger, root.GetProperty("modules").GetArrayLength(), root.GetProperty("orgs").GetArrayLength(), root.GetProperty("workspaces").GetArrayLength());
    }

    private async Task<bool> HasDataAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ChangeRecord> page = [];
        do
        {
            page = await store.FeedAsync(page.Count > 0 ? page[^1].Position : 0, 100, cancellationToken);
            if (page.Any(r => r.Kind is not (ChangeKind.HostVersionSet or ChangeKind.TokenCreated or ChangeKind.TokenRotated or ChangeKind.TokenRevoked)))
            {
                return true;
            }
        }
        while (page.Count > 0);

        return false;
    }

    private async Task LoadScopeAsync(ScopeId scope, string? orgId, JsonElement data, CancellationToken cancellationToken)
    {
        await ChangeAsync(scope, new ScopeCommand.PutScope(data.GetProperty("name").GetString(), orgId), cancellationToken);
        if (data.TryGetProperty("overrides", out var overrides))
        {
            foreach (var item in overrides.EnumerateObject())
            {
                await ChangeAsync(scope, new ScopeCommand.PutOverride(item.Name, JsonObjectValue.From(item.Value)), cancellationToken);
            }
        }
    }

    private async Task ChangeAsync(ScopeId scope, ScopeCommand command, CancellationToken cancellationToken)
    {
        var request = new ChangeRequest { Scope = scope, Command = command, Actor = "demo", Reason = "Demo data" };
        if (await engine.ChangeAsync(request, cancellationToken) is ChangeAnswer.Refused refused)
        {
            throw new InvalidOperationException($"Demo data: {scope}: {refused.Faults[0].Message}");
        }
    }
}
