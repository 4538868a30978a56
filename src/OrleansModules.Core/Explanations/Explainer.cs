using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Explanations;

/// <summary>Explains every value, flag and the availability of a module (requirement B28). Pure.</summary>
/// <param name="scope">The scope that is asked: an organization or a workspace.</param>
/// <param name="orgId">Its organization; its own id where it is one.</param>
/// <param name="view">The view to explain.</param>
/// <param name="system">The system's layer that <paramref name="view"/> was resolved from.</param>
/// <param name="org">The organization's.</param>
/// <param name="workspace">The workspace's; null for an organization.</param>
public sealed class Explainer(ScopeId scope, string orgId, ScopeView view, SystemLayer system, ScopeLayer org, ScopeLayer? workspace)
{
    /// <summary>Explains one module; null where the system defines none of that name.</summary>
    public Explanation? Explain(string module)
    {
        if (view.Map.Find(module) is not { } effective || !system.Definitions.TryGetValue(module, out var definition))
        {
            return null;
        }

        var voices = Voices(module, definition);
        return new Explanation(
            scope,
            view.Version,
            effective,
            EnabledBy(effective, voices),
            Reasons(effective, new Dictionary<string, Decision?>(StringComparer.Ordinal) { [module] = null }),
            Values(effective.Config, voices, v => (v.Config, v.ConfigPointer), effective.Definition.ConfigMerge == ConfigMerge.Deep),
            Values(effective.FeatureFlags, voices, v => (v.Flags, v.FlagsPointer), deep: false),
            [.. voices.Select(v => new ScopeStatement(v.Scope, v.Provenance is not null, v.IsEnabled, v.Config, v.Flags, v.Provenance?.Whole))]);
    }

    private List<Voice> Voices(string module, DefinitionEntry definition)
    {
        var voices = new List<Voice>
        {
            new(ScopeId.System, definition.Definition.IsEnabled, definition.Definition.Config, definition.Definition.FeatureFlags, definition.Provenance, "/config", "/featureFlags"),
            Voice.Of(ScopeId.Org(orgId), org.Find(module)),
        };
        if (workspace is not null)
        {
            voices.Add(Voice.Of(scope, workspace.Find(module)));
        }

        return voices;
    }

    // The first scope from the top that has it off decides; where none has, the last one that says anything at all.
    private static Decision EnabledBy(EffectiveModule module, List<Voice> voices)
    {
        var voice = module.IsEnabled ? voices.Last(v => v.IsEnabled is not null) : voices.First(v => v.IsEnabled == false);
        return new Decision(voice.Scope, voice.Provenance!.Value.Of("/isEnabled"));
    }

    // Every module is gone into once: many ways may lead to the same dependency, and a stored cycle leads back.
    private List<ReasonExplanation> Reasons(EffectiveModule module, Dictionary<string, Decision?> explained) =>
        [.. module.Reasons.Select(reason => Explain(module, reason, explained))];

    private ReasonExplanation Explain(EffectiveModule module, UnavailableReason reason, Dictionary<string, Decision?> explained)
    {
        switch (reason.Code)
        {
            case UnavailableCode.DependencyUnavailable:
                return ExplainDependency(reason, explained);
            case UnavailableCode.NotInstalled:
                return new ReasonExplanation(reason, BySystem(module, "/isInstalled"), []);
            case UnavailableCode.IncompatibleVersion:
                return new ReasonExplanation(reason, BySystem(module, "/minCompatibleVersion"), []);
            case UnavailableCode.DisabledBySystem:
                return new ReasonExplanation(reason, BySystem(module, "/isEnabled"), []);
            default:
                var layer = reason.Code == UnavailableCode.DisabledByOrg ? org : workspace!;
                return new ReasonExplanation(reason, new Decision(reason.Scope!.Value, layer.Find(module.Name)!.Value.Provenance.Of("/isEnabled")), []);
        }
    }

    private ReasonExplanation ExplainDependency(UnavailableReason reason, Dictionary<string, Decision?> explained)
    {
        if (view.Map.Find(reason.Module!) is not { } needed)
        {
            return new ReasonExplanation(reason, null, []);
        }

        if (!explained.TryAdd(needed.Name, null))
        {
            return new ReasonExplanation(reason, explained[needed.Name], []);
        }

        var because = Reasons(needed, explained);
        var decision = because.Count > 0 ? because[0].DecidedBy : BySystem(needed, "/version");
        explained[needed.Name] = decision;
        return new ReasonExplanation(reason, decision, because);
    }

    private Decision BySystem(EffectiveModule module, string pointer) => new(ScopeId.System, system.Definitions[module.Name].Provenance.Of(pointer));

    private static List<ValueExplanation> Values(JsonObjectValue merged, List<Voice> voices, Func<Voice, (JsonObjectValue Says, string Pointer)> pick, bool deep)
    {
        var values = new List<ValueExplanation>();
        using var document = merged.Open();
        var documents = voices.ConvertAll(v => pick(v).Says.Open());
        try
        {
            var sayings = voices.Select((v, i) => new Saying(v, pick(v).Pointer, documents[i].RootElement)).ToList();
            Collect("", document.RootElement, sayings, deep, values);
        }
        finally
        {
            documents.ForEach(d => d.Dispose());
        }

        return values;
    }

    // Only scopes that say something at this place are in the list; the last of them, the lowest, decides.
    private static void Collect(string pointer, JsonElement merged, List<Saying> sayings, bool deep, List<ValueExplanation> values)
    {
        foreach (var member in merged.EnumerateObject())
        {
            var inner = Provenance.Step(pointer, member.Name);
            var below = new List<Saying>();
            foreach (var saying in sayings)
            {
                if (saying.Json.ValueKind == JsonValueKind.Object && saying.Json.TryGetProperty(member.Name, out var said))
                {
                    below.Add(saying with { Pointer = Provenance.Step(saying.Pointer, member.Name), Json = said });
                }
            }

            if (deep && member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any())
            {
                Collect(inner, member.Value, below, deep, values);
                continue;
            }

            var decides = below[^1];
            values.Add(new ValueExplanation(inner, member.Value.GetRawText(), new Decision(decides.Voice.Scope, decides.Voice.Provenance!.Value.Of(decides.Pointer))));
        }
    }

    /// <summary>What one scope says at one place.</summary>
    private sealed record Saying(Voice Voice, string Pointer, JsonElement Json);

    /// <summary>What one scope says, in one form for definitions and overrides.</summary>
    private sealed record Voice(
        ScopeId Scope, bool? IsEnabled, JsonObjectValue Config, JsonObjectValue Flags, Provenance? Provenance, string ConfigPointer, string FlagsPointer)
    {
        public static Voice Of(ScopeId scope, OverrideEntry? entry) => new(
            scope, entry?.Override.IsEnabled, entry?.Override.Config ?? JsonObjectValue.Empty, entry?.Override.FeatureFlags ?? JsonObjectValue.Empty,
            entry?.Provenance, "/configOverrides", "/featureFlagOverrides");
    }
}
