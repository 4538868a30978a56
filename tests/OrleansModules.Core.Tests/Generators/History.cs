using System.Text.Json.Nodes;
using NuGet.Versioning;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Generators;

/// <summary>The change records of one scope, each by another actor, with the layer that folding them gives.</summary>
internal sealed class History
{
    private static readonly DateTime Start = new(2030, 5, 6, 7, 8, 9, 123, DateTimeKind.Utc);

    private static readonly string[] Subjects = ["ann", "bob", "ключ", "x/y"];

    private readonly Dice _dice;
    private readonly ScopeId _scope;
    private readonly string? _orgId;

    public History(Dice dice, ScopeId scope, string? orgId, int changes)
    {
        (_dice, _scope, _orgId) = (dice, scope, orgId);
        for (var i = 0; i < changes; i++)
        {
            Add();
        }
    }

    public List<ChangeRecord> Records { get; } = [];

    public Layer? Layer { get; private set; }

    /// <summary>The last change in which the value at a place of a module's document became what it is, by going through all records.</summary>
    public ChangeMark MarkOf(string module, string pointer)
    {
        JsonNode? before = null;
        ChangeRecord? last = null;
        foreach (var record in Records.Where(r => r.Touches(module)))
        {
            var after = record.Definitions.Where(d => d.After.Name == module).Select(d => NaiveCascade.Node(DefinitionJson.ToValue(d.After)))
                .Concat(record.Overrides.Where(o => o.Module == module && o.After is not null).Select(o => NaiveCascade.Node(OverrideJson.ToValue(o.After!)))).SingleOrDefault();
            var (wasThere, old) = At(before, pointer);
            var (isThere, now) = At(after, pointer);
            if (wasThere != isThere || !JsonNode.DeepEquals(old, now))
            {
                last = record;
            }

            before = after;
        }

        return new ChangeMark(last!.Revision, last.At, last.Actor);
    }

    /// <summary>Follows a JSON Pointer; a value that is there may be null.</summary>
    public static (bool IsThere, JsonNode? Value) At(JsonNode? node, string pointer)
    {
        if (node is null)
        {
            return (false, null);
        }

        foreach (var step in pointer.Split('/').Skip(1))
        {
            if (node is not JsonObject inside || !inside.TryGetPropertyValue(step.Replace("~1", "/").Replace("~0", "~"), out node))
            {
                return (false, null);
            }
        }

        return (true, node);
    }

    private void Add()
    {
        var revision = (Layer?.Revision ?? 0) + 1;
        var record = new ChangeRecord
        {
            Position = _dice.Below(100_000),
            Scope = _scope,
            Revision = revision,
            Kind = _dice.Pick(Enum.GetValues<ChangeKind>()),
            Version = new MapVersion(_scope.Kind, 7, _scope.Kind >= ScopeKind.Org ? revision : 0, _scope.Kind == ScopeKind.Workspace ? revision : 0),
            At = Start.AddMinutes(revision),
            Actor = $"{_scope}-{revision}",
            Reason = _dice.Chance(50) ? "because \"é\"" : null,
            OperationId = _dice.Chance(50) ? $"op-{revision}" : null,
            Fingerprint = _dice.Chance(50) ? "abc=" : null,
            Properties = revision == 1 || _dice.Chance(10) ? Properties() : null,
            Settings = _dice.Chance(20) ? new SettingsChange(Layer?.Settings ?? JsonObjectValue.Empty, _dice.Object(2)) : null,
            Members = [.. Subjects.Where(_ => _dice.Chance(15)).Select(ChangeMember)],
            Tokens = [.. Subjects.Where(_ => _dice.Chance(10)).Select(ChangeToken)],
            Broke = _dice.Chance(20) ? ["ai", "kb"] : [],
        };
        var modules = Dice.Modules.Where(_ => _dice.Chance(20)).ToList();
        record = _scope.Kind == ScopeKind.System
            ? record with { Definitions = [.. modules.Select(Change)] }
            : record with { Overrides = [.. modules.Select(ChangeOverride)] };
        Records.Add(record);
        Layer = LayerFold.Apply(Layer, record);
    }

    private MemberChange ChangeMember(string subject) => new(subject, Layer?.Access.FindMember(subject)?.Role, _dice.Chance(70) ? _dice.Pick(Enum.GetValues<ScopeRole>()) : null);

    private TokenChange ChangeToken(string id) => new(id, Layer?.Access.FindToken(id), _dice.Chance(70)
        ? new AccessToken(id, "for é", _dice.Pick(Enum.GetValues<ScopeRole>()), Start, _dice.Chance(50) ? Start.AddDays(9) : null, [.. Enumerable.Range(0, 1 + _dice.Below(2)).Select(i => new TokenSecret($"hash-{i}", Start, i == 0 ? Start.AddHours(1) : null))])
        : null);

    private ScopeProperties Properties() => _scope.Kind == ScopeKind.System
        ? new ScopeProperties(null, null, IsDeleted: false, _dice.Chance(50) ? SemanticVersion.Parse("1.2.3-rc.1+b") : null)
        : new ScopeProperties(_dice.Chance(50) ? "Näme" : null, _orgId, IsDeleted: false, null);

    private DefinitionChange Change(string module)
    {
        var before = ((SystemLayer?)Layer)?.Definitions.GetValueOrDefault(module)?.Definition;
        var fresh = _dice.Definition(module, Dice.Modules.Where(m => string.CompareOrdinal(m, module) < 0).ToList()) with { IsRemoved = _dice.Chance(4) };
        if (before is null || _dice.Chance(20))
        {
            return new DefinitionChange(before, fresh);
        }

        var after = _dice.Below(4) switch
        {
            0 => before with { IsEnabled = !before.IsEnabled },
            1 => before with { Config = Edited(before.Config), FeatureFlags = Flags(before.FeatureFlags) },
            2 => before with { Version = fresh.Version, Dependencies = fresh.Dependencies },
            _ => before with { Config = Edited(before.Config) },
        };
        return new DefinitionChange(before, after);
    }

    private OverrideChange ChangeOverride(string module)
    {
        var before = ((ScopeLayer?)Layer)?.Find(module)?.Override;
        if (before is not null && _dice.Chance(15))
        {
            return new OverrideChange(module, before, null);
        }

        var fresh = _dice.Override(module);
        return new OverrideChange(module, before, before is null || _dice.Chance(15) ? fresh : before with
        {
            IsEnabled = _dice.Chance(30) ? fresh.IsEnabled : before.IsEnabled,
            Config = _dice.Chance(70) ? Edited(before.Config) : before.Config,
            FeatureFlags = _dice.Chance(30) ? Flags(before.FeatureFlags) : before.FeatureFlags,
        });
    }

    // A small edit at any depth, so that values of many changes stand side by side.
    private JsonObjectValue Edited(JsonObjectValue value)
    {
        var node = NaiveCascade.Node(value);
        var inside = node;
        while (_dice.Chance(60) && inside.Select(m => m.Value).OfType<JsonObject>().ToList() is { Count: > 0 } below)
        {
            inside = _dice.Pick(below);
        }

        if (inside.Count > 0 && _dice.Chance(30))
        {
            inside.Remove(_dice.Pick(inside.Select(m => m.Key).ToList()));
        }

        foreach (var (key, changed) in NaiveCascade.Node(_dice.Object(1)))
        {
            if (_dice.Chance(50))
            {
                inside[key] = changed?.DeepClone();
            }
        }

        return JsonObjectValue.Parse(node.ToJsonString());
    }

    private JsonObjectValue Flags(JsonObjectValue flags) => JsonMerge.Shallow(flags, _dice.FlagSet());
}
