using OrleansModules.Core.Cascade;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Changes.Rules;

/// <summary>Rules for the settings of a scope. What each setting may be is checked where a request is read.</summary>
internal static class SettingsRules
{
    public static RuleOutcome Decide(ChangeRequest request, Layer current)
    {
        if (current.IsDeleted)
        {
            return RuleOutcome.Refused(Missing.Scope(request.Scope));
        }

        var after = request.Command switch
        {
            ScopeCommand.PutSettings put => JsonMerge.Shallow(put.Settings, SettingDocuments.Only(current.Settings)),
            ScopeCommand.PutDocument put => JsonMerge.Shallow(current.Settings, SettingDocuments.Of(put.Name, put.Value)),
            _ => JsonMerge.Deep(current.Settings, ((ScopeCommand.PatchSettings)request.Command).Patch),
        };
        return new RuleOutcome(ChangeKind.SettingsSet) { Settings = after.Equals(current.Settings) ? null : new SettingsChange(current.Settings, after) };
    }
}
