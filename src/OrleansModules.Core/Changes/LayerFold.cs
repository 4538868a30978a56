using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes;

/// <summary>Makes the layer after a change from the layer before it. Pure.</summary>
public static class LayerFold
{
    /// <summary>The layer of a scope that nothing was ever said about.</summary>
    public static Layer Empty(ScopeId scope) => scope.Kind == ScopeKind.System
        ? SystemLayer.Empty
        : ScopeLayer.Make(0, new ScopeProperties(null, null, IsDeleted: true, null), []);

    /// <summary>The layer after a change.</summary>
    /// <param name="before">The layer at the revision right before; null is <see cref="Empty"/>.</param>
    /// <param name="record">The change.</param>
    /// <exception cref="InvalidOperationException">The record does not follow the layer.</exception>
    public static Layer Apply(Layer? before, ChangeRecord record)
    {
        var from = before ?? Empty(record.Scope);
        if (record.Revision != from.Revision + 1)
        {
            throw new InvalidOperationException($"{record.Scope}: revision {record.Revision} does not follow {from.Revision}.");
        }

        var mark = new ChangeMark(record.Revision, record.At, NamePool.Get(record.Actor));
        return from is SystemLayer system ? Apply(system, record, mark) : Apply((ScopeLayer)from, record, mark);
    }

    private static SystemLayer Apply(SystemLayer before, ChangeRecord record, ChangeMark mark)
    {
        if (record.Definitions.IsEmpty)
        {
            return new SystemLayer(record.Revision, before.Definitions, record.Properties is { } only ? only.HostVersion : before.HostVersion, Apply(before.Extras, record, mark));
        }

        var definitions = before.Definitions.ToBuilder();
        foreach (var change in record.Definitions)
        {
            definitions[change.After.Name] = definitions.TryGetValue(change.After.Name, out var old)
                ? old with { Definition = change.After, Provenance = Carry(old.Provenance, DefinitionJson.ToValue(old.Definition), DefinitionJson.ToValue(change.After), mark) }
                : new DefinitionEntry(change.After, Provenance.New(mark), mark);
        }

        return new SystemLayer(
            record.Revision, definitions.ToImmutable(), record.Properties is { } p ? p.HostVersion : before.HostVersion, Apply(before.Extras, record, mark));
    }

    private static ScopeLayer Apply(ScopeLayer before, ChangeRecord record, ChangeMark mark)
    {
        var properties = record.Properties ?? before.Properties;
        var extras = Apply(before.Extras, record, mark);
        if (record.Overrides.IsEmpty)
        {
            return ScopeLayer.Make(record.Revision, properties, before.Overrides.ToArray(), extras);
        }

        if (before.Overrides.IsEmpty && record.Overrides is [{ After: { } first }])
        {
            return ScopeLayer.Make(record.Revision, properties, [new OverrideEntry(first, Provenance.New(mark))], extras); // the usual first override
        }

        var overrides = new SortedDictionary<string, OverrideEntry>(StringComparer.Ordinal);
        foreach (var entry in before.Overrides)
        {
            overrides[entry.Override.Module] = entry;
        }

        foreach (var change in record.Overrides)
        {
            if (change.After is not { } after)
            {
                overrides.Remove(change.Module);
                continue;
            }

            overrides[change.Module] = overrides.TryGetValue(change.Module, out var old)
                ? new OverrideEntry(after, Carry(old.Provenance, OverrideJson.ToValue(old.Override), OverrideJson.ToValue(after), mark))
                : new OverrideEntry(after, Provenance.New(mark));
        }

        return ScopeLayer.Make(record.Revision, properties, [.. overrides.Values], extras);
    }

    private static LayerExtras Apply(LayerExtras before, ChangeRecord record, ChangeMark mark)
    {
        if (record.Settings is null && record.Members.IsEmpty && record.Tokens.IsEmpty)
        {
            return before;
        }

        var access = before.Access;
        foreach (var change in record.Members)
        {
            access = change.After is { } role ? access.With(new Member(change.Subject, role, mark)) : access.WithoutMember(change.Subject);
        }

        foreach (var change in record.Tokens)
        {
            access = change.After is { } token ? access.With(token) : access.WithoutToken(change.Id);
        }

        return new LayerExtras(access, record.Settings?.After ?? before.Settings);
    }

    private static Provenance Carry(Provenance provenance, JsonObjectValue before, JsonObjectValue after, ChangeMark mark)
    {
        using var old = before.Open();
        using var next = after.Open();
        return provenance.After(old.RootElement, next.RootElement, mark);
    }
}
