using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Explanations;

/// <summary>Why one module is as it is in one scope. Immutable.</summary>
/// <param name="Scope">The scope that was asked.</param>
/// <param name="Version">The version that is explained.</param>
/// <param name="Module">The effective module that is explained.</param>
/// <param name="Enabled">Who decided law L1.</param>
/// <param name="Availability">Every reason against it, with who decided that; empty when it is available.</param>
/// <param name="Config">Every value of the merged configuration, by JSON Pointer.</param>
/// <param name="FeatureFlags">Every flag, by name.</param>
/// <param name="Says">What each scope says, from the system down.</param>
public sealed record Explanation(
    ScopeId Scope,
    MapVersion Version,
    EffectiveModule Module,
    Decision Enabled,
    IReadOnlyList<ReasonExplanation> Availability,
    IReadOnlyList<ValueExplanation> Config,
    IReadOnlyList<ValueExplanation> FeatureFlags,
    IReadOnlyList<ScopeStatement> Says);

/// <summary>Who decided something.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Mark">Its change that did.</param>
public sealed record Decision(ScopeId Scope, ChangeMark Mark);

/// <summary>Where one value comes from.</summary>
/// <param name="Pointer">JSON Pointer inside the merged object: top-level keys, and the leaves below them where objects merge deeply.</param>
/// <param name="Json">The value as JSON text.</param>
/// <param name="DecidedBy">The scope whose value stands.</param>
public sealed record ValueExplanation(string Pointer, string Json, Decision DecidedBy);

/// <summary>One reason against availability.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="DecidedBy">The change that is to blame; null where a dependency is not registered, or where dependencies form a cycle.</param>
/// <param name="Because">
/// For a dependency: what speaks against that module itself; empty where only its version is out of range, or where an earlier reason of
/// the same explanation has gone into that module already.
/// </param>
public sealed record ReasonExplanation(UnavailableReason Reason, Decision? DecidedBy, IReadOnlyList<ReasonExplanation> Because);

/// <summary>What one scope says about the module.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="HasOverride">Whether it has an override; true for the system.</param>
/// <param name="IsEnabled">Null inherits.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="FeatureFlags">Its flags.</param>
/// <param name="LastChange">Its last change of the module; null where it has no override.</param>
public sealed record ScopeStatement(ScopeId Scope, bool HasOverride, bool? IsEnabled, JsonObjectValue Config, JsonObjectValue FeatureFlags, ChangeMark? LastChange);
