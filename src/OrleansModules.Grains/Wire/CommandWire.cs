using System.Text.Json;
using NuGet.Versioning;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Wire;

/// <summary>Commands as messages. A word, once used, keeps its meaning.</summary>
internal static class CommandWire
{
    /// <summary>Creates an organization or workspace, or changes what it is.</summary>
    public const string PutScope = "put-scope";

    public static CommandMessage ToMessage(ScopeCommand command) => command switch
    {
        ScopeCommand.RegisterModule c => Of("register-module", DefinitionJson.ToValue(c.Definition)),
        ScopeCommand.PutModule c => Of("put-module", DefinitionJson.ToValue(c.Definition)),
        ScopeCommand.PatchModule c => Of("patch-module", c.Patch, c.Module),
        ScopeCommand.SwitchModule c => Of("switch-module", null, c.Module) with { Flag = c.IsEnabled },
        ScopeCommand.RemoveModule c => Of("remove-module", null, c.Module),
        ScopeCommand.SetHostVersion c => Of("set-host-version", null) with { Text = c.HostVersion?.ToFullString() },
        ScopeCommand.PutScope c => Of(PutScope, null, c.OrgId) with { Text = c.Name },
        ScopeCommand.DeleteScope => Of("delete-scope", null),
        ScopeCommand.PutOverride c => Of("put-override", c.Body, c.Module),
        ScopeCommand.PatchOverride c => Of("patch-override", c.Patch, c.Module),
        ScopeCommand.ClearOverride c => Of("clear-override", null, c.Module),
        ScopeCommand.Restore c => Of("restore", null, c.Module) with { Number = c.Revision },
        ScopeCommand.PutSettings c => Of("put-settings", c.Settings),
        ScopeCommand.PatchSettings c => Of("patch-settings", c.Patch),
        ScopeCommand.PutDocument c => Of("put-document", c.Value, c.Name),
        ScopeCommand.PutMember c => Of("put-member", null, c.Subject) with { Text = ScopeRoles.Word(c.Role) },
        ScopeCommand.RemoveMember c => Of("remove-member", null, c.Subject),
        ScopeCommand.CreateToken c => Of("create-token", ExtrasJson.ToValue(c.Token)),
        ScopeCommand.RotateToken c => Of("rotate-token", null, c.Id) with { Text = c.Next.Hash, CreatedAt = c.Next.CreatedAt, ExpiresAt = c.Next.ExpiresAt, OldUntil = c.OldUntil },
        ScopeCommand.RevokeToken c => Of("revoke-token", null, c.Id),
        _ => throw new ArgumentException($"{command.GetType().Name} has no message.", nameof(command)),
    };

    /// <exception cref="FormatException">The message is of a later version, or none.</exception>
    public static ScopeCommand FromMessage(CommandMessage message) => message.Word switch
    {
        "register-module" => new ScopeCommand.RegisterModule(Definition(message)),
        "put-module" => new ScopeCommand.PutModule(Definition(message)),
        "patch-module" => new ScopeCommand.PatchModule(message.Name!, Json(message)),
        "switch-module" => new ScopeCommand.SwitchModule(message.Name!, message.Flag),
        "remove-module" => new ScopeCommand.RemoveModule(message.Name!),
        "set-host-version" => new ScopeCommand.SetHostVersion(message.Text is { } version ? SemanticVersion.Parse(version) : null),
        PutScope => new ScopeCommand.PutScope(message.Text, message.Name),
        "delete-scope" => new ScopeCommand.DeleteScope(),
        "put-override" => new ScopeCommand.PutOverride(message.Name!, Json(message)),
        "patch-override" => new ScopeCommand.PatchOverride(message.Name!, Json(message)),
        "clear-override" => new ScopeCommand.ClearOverride(message.Name!),
        "restore" => new ScopeCommand.Restore(message.Number, message.Name),
        "put-settings" => new ScopeCommand.PutSettings(Json(message)),
        "patch-settings" => new ScopeCommand.PatchSettings(Json(message)),
        "put-document" => new ScopeCommand.PutDocument(message.Name!, Json(message)),
        "put-member" => new ScopeCommand.PutMember(message.Name!, Role(message)),
        "remove-member" => new ScopeCommand.RemoveMember(message.Name!),
        "create-token" => new ScopeCommand.CreateToken(Read(message, ExtrasJson.ReadToken)),
        "rotate-token" => new ScopeCommand.RotateToken(message.Name!, new TokenSecret(message.Text!, message.CreatedAt!.Value, message.ExpiresAt), message.OldUntil!.Value),
        "revoke-token" => new ScopeCommand.RevokeToken(message.Name!),
        var word => throw new FormatException($"'{word}' is no command that this version knows."),
    };

    private static CommandMessage Of(string word, JsonObjectValue? json, string? name = null) => new() { Word = word, Name = name, Json = json?.Utf8.ToArray() };

    private static ModuleDefinition Definition(CommandMessage message) => Read(message, DefinitionJson.ReadStored);

    private static JsonObjectValue Json(CommandMessage message) => Read(message, JsonObjectValue.From);

    private static ScopeRole Role(CommandMessage message) =>
        ScopeRoles.TryParse(message.Text, out var role) ? role : throw new FormatException($"'{message.Text}' is no role that this version knows.");

    private static T Read<T>(CommandMessage message, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(message.Json ?? throw new FormatException($"{message.Word} comes with a JSON object."), Depth.Options);
        return read(document.RootElement);
    }
}
