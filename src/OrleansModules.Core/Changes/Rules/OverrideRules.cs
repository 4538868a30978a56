using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Rules for overrides of organizations and workspaces (law L3).</summary>
internal static class OverrideRules
{
    public static RuleOutcome Decide(ChangeRequest request, ScopeLayer current, RuleContext context)
    {
        if (current.IsDeleted)
        {
            return RuleOutcome.Refused(Missing.Scope(request.Scope));
        }

        return request.Command switch
        {
            ScopeCommand.PutOverride c => Set(current, context, c.Module, (known, faults) => Read(c.Body, known, faults)),
            ScopeCommand.PatchOverride c => Set(current, context, c.Module, (known, faults) => Read(JsonMerge.Deep(OverrideJson.ToValue(known), c.Patch), ModuleOverride.Nothing(known.Module), faults)),
            ScopeCommand.ClearOverride c => Clear(current, context, c.Module),
            ScopeCommand.Restore c => Restore(request, current, context, c),
            _ => throw new ArgumentException($"{request.Command.GetType().Name} is no command for {request.Scope}.", nameof(request)),
        };
    }

    private static ModuleOverride? Read(JsonObjectValue body, ModuleOverride known, List<Fault> faults)
    {
        using var document = body.Open();
        return OverrideJson.Read(document.RootElement, known, faults);
    }

    private static RuleOutcome Set(ScopeLayer current, RuleContext context, string module, Func<ModuleOverride, List<Fault>, ModuleOverride?> read)
    {
        var before = current.Find(module)?.Override;
        var faults = new List<Fault>();
        if (context.ParentMap.Find(module) is null)
        {
            faults.Add(Missing.Module(module));
        }

        var after = read(before ?? ModuleOverride.Nothing(NamePool.Get(module)), faults);
        if (after is not null && VetoOf(before, after, context) is { } veto)
        {
            faults.Add(veto);
        }

        return new RuleOutcome(ChangeKind.OverrideSet)
        {
            Faults = faults,
            Overrides = after is null || after.Equals(before) ? [] : [new OverrideChange(module, before, after)],
        };
    }

    private static RuleOutcome Clear(ScopeLayer current, RuleContext context, string module)
    {
        // An override of a module that was removed meanwhile can still be cleared.
        if (current.Find(module)?.Override is { } before)
        {
            return new RuleOutcome(ChangeKind.OverrideCleared) { Overrides = [new OverrideChange(module, before, null)] };
        }

        return context.ParentMap.Find(module) is null ? RuleOutcome.Refused(Missing.Module(module)) : new RuleOutcome(ChangeKind.OverrideCleared);
    }

    private static RuleOutcome Restore(ChangeRequest request, ScopeLayer current, RuleContext context, ScopeCommand.Restore command)
    {
        if (context.Target is not ScopeLayer target)
        {
            return RuleOutcome.Refused(new Fault(FaultCodes.RevisionNotFound, "", $"{request.Scope} never was at revision {command.Revision}."));
        }

        if (command.Module is { } wanted && context.ParentMap.Find(wanted) is null && current.Find(wanted) is null && target.Find(wanted) is null)
        {
            return RuleOutcome.Refused(Missing.Module(wanted));
        }

        var modules = current.Overrides.ToArray().Concat(target.Overrides.ToArray()).Select(o => o.Override.Module).Distinct(StringComparer.Ordinal)
            .Where(m => command.Module is null || m.Equals(command.Module, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var faults = new List<Fault>();
        var changes = new List<OverrideChange>();
        foreach (var module in modules)
        {
            var (before, after) = (current.Find(module)?.Override, target.Find(module)?.Override);
            if (Equals(before, after))
            {
                continue;
            }

            changes.Add(new OverrideChange(module, before, after));
            if (after is not null && VetoOf(before, after, context) is { } veto)
            {
                faults.Add(veto);
            }
        }

        return new RuleOutcome(ChangeKind.Restored) { Faults = faults, Overrides = [.. changes] };
    }

    /// <summary>Law L3: an override may not be turned on under a parent that is off.</summary>
    private static Fault? VetoOf(ModuleOverride? before, ModuleOverride after, RuleContext context)
    {
        if (after.IsEnabled != true || before?.IsEnabled == true || context.ParentMap.Find(after.Module) is not { IsEnabled: false } parent)
        {
            return null;
        }

        var decides = parent.Reasons.First(r => r.Scope is not null).Scope!.Value;
        return new Fault(FaultCodes.ParentDisabled, "/isEnabled", $"'{after.Module}' cannot be enabled here: {decides} has it off.") { Module = after.Module, Scope = decides.ToString() };
    }
}
