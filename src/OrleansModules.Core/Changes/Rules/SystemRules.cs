using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Rules of the registry (requirements A): what may be said about definitions.</summary>
internal static class SystemRules
{
    /// <summary>How many modules there can be, removed ones included.</summary>
    private const int MaxModules = 10_000;

    public static RuleOutcome Decide(ChangeRequest request, SystemLayer current, RuleContext context) => request.Command switch
    {
        ScopeCommand.RegisterModule c => Register(request, current, c.Definition),
        ScopeCommand.PutModule c => Put(request, current, c.Definition),
        ScopeCommand.PatchModule c => Patch(request, current, c),
        ScopeCommand.SwitchModule c => Edit(request, current, c.Module, c.IsEnabled ? ChangeKind.ModuleEnabled : ChangeKind.ModuleDisabled, d => d with { IsEnabled = c.IsEnabled }),
        ScopeCommand.RemoveModule c => Edit(request, current, c.Module, ChangeKind.ModuleRemoved, d => d with { IsRemoved = true }),
        ScopeCommand.SetHostVersion c => Equals(current.HostVersion, c.HostVersion)
            ? new RuleOutcome(ChangeKind.HostVersionSet)
            : new RuleOutcome(ChangeKind.HostVersionSet) { Properties = new ScopeProperties(null, null, IsDeleted: false, c.HostVersion) },
        ScopeCommand.Restore c => Restore(request, current, c, context.Target as SystemLayer),
        _ => throw new ArgumentException($"{request.Command.GetType().Name} is no command for the system.", nameof(request)),
    };

    private static RuleOutcome Register(ChangeRequest request, SystemLayer current, ModuleDefinition definition) =>
        current.Definitions.TryGetValue(definition.Name, out var known)
            ? RuleOutcome.Refused(Taken(known.Definition))
            : Replace(request, current, ChangeKind.ModuleRegistered, [definition]);

    private static RuleOutcome Put(ChangeRequest request, SystemLayer current, ModuleDefinition definition)
    {
        if (!current.Definitions.TryGetValue(definition.Name, out var known))
        {
            return Replace(request, current, ChangeKind.ModuleRegistered, [definition]);
        }

        return known.Definition.IsRemoved ? RuleOutcome.Refused(Taken(known.Definition)) : Replace(request, current, ChangeKind.ModuleUpdated, [definition]);
    }

    private static RuleOutcome Patch(ChangeRequest request, SystemLayer current, ScopeCommand.PatchModule command)
    {
        if (current.Find(command.Module) is not { } known)
        {
            return RuleOutcome.Refused(Missing.Module(command.Module));
        }

        var faults = new List<Fault>();
        using var patched = JsonMerge.Deep(DefinitionJson.ToValue(known), command.Patch).Open();
        return DefinitionJson.Read(patched.RootElement, command.Module, faults, known) is { } definition
            ? Replace(request, current, ChangeKind.ModuleUpdated, [definition])
            : RuleOutcome.Refused([.. faults]);
    }

    private static RuleOutcome Edit(ChangeRequest request, SystemLayer current, string module, ChangeKind kind, Func<ModuleDefinition, ModuleDefinition> edit) =>
        current.Find(module) is { } known ? Replace(request, current, kind, [edit(known)]) : RuleOutcome.Refused(Missing.Module(module));

    private static RuleOutcome Restore(ChangeRequest request, SystemLayer current, ScopeCommand.Restore command, SystemLayer? target)
    {
        if (target is null)
        {
            return RuleOutcome.Refused(NoRevision(request, command));
        }

        if (command.Module is { } module && !target.Definitions.ContainsKey(module))
        {
            return RuleOutcome.Refused(current.Definitions.ContainsKey(module) ? NoRevision(request, command) : Missing.Module(module));
        }

        // A module registered since then is not unsaid but removed: its name stays taken.
        var restored = current.Definitions.Values.Select(e => e.Definition)
            .Where(d => command.Module is null || d.Name.Equals(command.Module, StringComparison.Ordinal))
            .Select(d => target.Definitions.TryGetValue(d.Name, out var then) ? then.Definition : d with { IsRemoved = true });
        return Replace(request, current, ChangeKind.Restored, [.. restored]);
    }

    /// <summary>Puts definitions in place of what is there, if nothing speaks against it.</summary>
    private static RuleOutcome Replace(ChangeRequest request, SystemLayer current, ChangeKind kind, IReadOnlyList<ModuleDefinition> replaced)
    {
        var before = current.Definitions.ToDictionary(d => d.Key, d => d.Value.Definition, StringComparer.Ordinal);
        var after = new Dictionary<string, ModuleDefinition>(before, StringComparer.Ordinal);
        var changes = new List<DefinitionChange>();
        foreach (var definition in replaced)
        {
            var old = before.GetValueOrDefault(definition.Name);
            if (old is null || !DefinitionJson.ToValue(old).Equals(DefinitionJson.ToValue(definition)))
            {
                after[definition.Name] = definition;
                changes.Add(new DefinitionChange(old, definition));
            }
        }

        var faults = new List<Fault>();
        if (after.Count > MaxModules && after.Count > before.Count)
        {
            faults.Add(new Fault(FaultCodes.TooLarge, "", $"The registry holds at most {MaxModules} modules, removed ones included."));
        }

        foreach (var change in changes.Where(c => !c.After.IsRemoved))
        {
            if (DependencyRules.FindCycle(after, change.After.Name) is { Count: > 0 } cycle)
            {
                faults.Add(new Fault(FaultCodes.DependencyCycle, "/dependencies", $"Dependencies must not form a cycle: {string.Join(" -> ", cycle)}.") { Module = change.After.Name });
            }
        }

        var broken = DependencyRules.Unmet(after);
        broken.ExceptWith(DependencyRules.Unmet(before));
        if (!request.Force)
        {
            faults.AddRange(changes.Where(c => Weakens(c)).Select(c => Protected(c.After.Name)));
            var changed = changes.Select(c => c.After.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var (module, dependency) in broken.OrderBy(b => b.Module, StringComparer.Ordinal).ThenBy(b => b.Dependency, StringComparer.Ordinal))
            {
                faults.Add(changed.Contains(module) ? DependencyRules.Conflict(module, dependency, after) : DependencyRules.Dependent(module, dependency));
            }
        }

        return new RuleOutcome(kind)
        {
            Faults = faults,
            Definitions = [.. changes],
            Broke = [.. broken.Select(b => b.Module).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>Whether a change takes a core module from the platform, or from under this protection.</summary>
    private static bool Weakens(DefinitionChange change) => change.Before is { Type: ModuleType.Core, IsRemoved: false } before
        && (change.After.IsRemoved || change.After.Type != ModuleType.Core || (before.IsEnabled && !change.After.IsEnabled));

    private static Fault Protected(string module) =>
        new(FaultCodes.CoreModuleProtected, "", $"'{module}' is a core module: the platform needs it. ?force=true does it all the same.") { Module = module };

    private static Fault Taken(ModuleDefinition known) => new(FaultCodes.ModuleExists, "/name", known.IsRemoved
        ? $"The name '{known.Name}' belongs to a removed module, which can be restored from its history."
        : $"There is a module '{known.Name}' already.") { Module = known.Name };

    private static Fault NoRevision(ChangeRequest request, ScopeCommand.Restore command) =>
        new(FaultCodes.RevisionNotFound, "", $"{request.Scope} said nothing of {command.Module ?? "its modules"} at revision {command.Revision}, or never was at it.") { Module = command.Module };
}
