using System.Text;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using Xunit;

namespace OrleansModules.Storage.Conformance;

/// <summary>Changes to append, and texts to compare by.</summary>
public static class Sample
{
    /// <summary>When changes happen that do not say.</summary>
    public static DateTime At { get; } = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Registers or updates a module.</summary>
    public static ChangeRecord Define(string module, bool isEnabled = true, Layer? before = null)
    {
        var old = (before as SystemLayer)?.Find(module);
        var definition = new ModuleDefinition { Name = module, DisplayName = module, IsEnabled = isEnabled, Config = JsonObjectValue.Parse("""{"a":1,"b":{"c":[2]}}""") };
        return Next(ScopeId.System, before, old is null ? ChangeKind.ModuleRegistered : ChangeKind.ModuleUpdated) with
        {
            Definitions = [new DefinitionChange(old, definition)],
        };
    }

    /// <summary>Creates or updates an organization or workspace.</summary>
    public static ChangeRecord Put(ScopeId scope, string? orgId = null, Layer? before = null, string? name = null) =>
        Next(scope, before, before is null or { IsDeleted: true } ? ChangeKind.ScopeCreated : ChangeKind.ScopeUpdated) with
        {
            Properties = new ScopeProperties(name, orgId, IsDeleted: false, null),
        };

    /// <summary>Deletes an organization or workspace.</summary>
    public static ChangeRecord Delete(ScopeId scope, Layer before) => Next(scope, before, ChangeKind.ScopeDeleted) with
    {
        Properties = new ScopeProperties(null, (before as ScopeLayer)?.OrgId, IsDeleted: true, null),
        Overrides = [.. ((ScopeLayer)before).Overrides.ToArray().Select(o => new OverrideChange(o.Override.Module, o.Override, null))],
    };

    /// <summary>Sets an override, or takes it away.</summary>
    public static ChangeRecord Override(ScopeId scope, Layer before, string module, bool? isEnabled, string config = """{"text":"ünïcode \" \n"}""", bool clear = false)
    {
        var old = (before as ScopeLayer)?.Find(module)?.Override;
        var after = new ModuleOverride(module, isEnabled, JsonObjectValue.Parse(config), JsonObjectValue.Parse("""{"flag":true}"""));
        return Next(scope, before, clear ? ChangeKind.OverrideCleared : ChangeKind.OverrideSet) with
        {
            Overrides = [new OverrideChange(module, old, clear ? null : after)],
        };
    }

    /// <summary>The change after a layer, with nothing in it.</summary>
    public static ChangeRecord Next(ScopeId scope, Layer? before, ChangeKind kind) => new()
    {
        Scope = scope,
        Revision = (before?.Revision ?? 0) + 1,
        Kind = kind,
        Version = new MapVersion(scope.Kind, 1, scope.Kind == ScopeKind.System ? 0 : 1, scope.Kind == ScopeKind.Workspace ? 1 : 0),
        At = At,
        Actor = "someone",
        Reason = "a reason\nin two lines",
    };

    /// <summary>Appends a change that must be committed.</summary>
    /// <returns>The layer after it.</returns>
    public static async Task<Layer> CommitAsync(this IScopeStore store, ChangeRecord change, Layer? before = null)
    {
        var after = LayerFold.Apply(before, change);
        var result = await store.AppendAsync(change, after, CancellationToken.None);
        Assert.IsType<AppendResult.Committed>(result);
        return after;
    }

    /// <summary>All that a record says.</summary>
    public static string Text(ChangeRecord record) => Text(writer => ChangeRecordJson.Write(writer, record, withOperation: true));

    /// <summary>All that a layer says, provenance included.</summary>
    public static string Text(StoredLayer stored) => Text(writer => LayerJson.Write(writer, stored.Scope, stored.Layer));

    /// <summary>All that a store says, in an order that does not depend on the store.</summary>
    public static async Task<string> TextAsync(IScopeStore store)
    {
        var lines = new List<string>();
        await foreach (var stored in store.LoadAllAsync(CancellationToken.None))
        {
            lines.Add(Text(stored));
        }

        lines.Sort(StringComparer.Ordinal);
        lines.AddRange((await AllAsync(store)).Select(Text));
        return string.Join('\n', lines);
    }

    /// <summary>The whole feed.</summary>
    public static async Task<List<ChangeRecord>> AllAsync(IScopeStore store)
    {
        var all = new List<ChangeRecord>();
        while (await store.FeedAsync(all.Count, 100, CancellationToken.None) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
