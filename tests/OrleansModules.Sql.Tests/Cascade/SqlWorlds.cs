using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Tests.Generators;

namespace OrleansModules.Sql.Tests.Cascade;

/// <summary>Puts worlds into the tables and asks the SQL functions about them, many in one round trip.</summary>
internal sealed class SqlWorlds(TestDatabase database)
{
    // Rows are written as they are, without the triggers that validate and record: a masked override must be there as it is.
    private const string Load = """
        create function pg_temp.ask(p_worlds json) returns setof text language plpgsql as $$
        declare
            v_world json;
            v_module text;
        begin
            perform set_config('session_replication_role', 'replica', true);
            truncate mgmt_cfg_ws_modules, mgmt_cfg_org_modules, mgmt_cfg_sys_modules;
            for v_world in select value from json_array_elements(p_worlds) loop
                delete from mgmt_cfg_ws_modules;
                delete from mgmt_cfg_org_modules;
                delete from mgmt_cfg_sys_modules;
                update mgmt_cfg_sys_scope set revision = 1, host_version = v_world ->> 'host';
                perform mgmt_apply_changes(mgmt_read_changes(json_build_array(json_build_object('record', v_world -> 'system'))));
                perform mgmt_apply_changes(mgmt_read_changes(json_build_array(json_build_object('record', v_world -> 'org'))));
                perform mgmt_apply_changes(mgmt_read_changes(json_build_array(json_build_object('record', v_world -> 'workspace'))));
                return next coalesce(resolve_all_modules_for_org('acme')::text, 'null');
                return next coalesce(resolve_all_modules_for_workspace('acme-1')::text, 'null');
                v_module := v_world ->> 'module';
                return next coalesce(resolve_org_module_config('acme', v_module)::text, 'null');
                return next coalesce(resolve_module_config('acme-1', v_module)::text, 'null');
            end loop;
        end $$;
        insert into mgmt_cfg_orgs (org_id) values ('acme') on conflict do nothing;
        insert into mgmt_cfg_workspaces (ws_id, org_id) values ('acme-1', 'acme') on conflict do nothing;
        """;

    /// <summary>The answers of the four functions for each world: all of the organization, all of the workspace, then one module of each.</summary>
    public async Task<IReadOnlyList<string[]>> AskAsync(IReadOnlyList<(World World, string Module)> worlds)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using (var load = new NpgsqlCommand(Load, connection))
        {
            await load.ExecuteNonQueryAsync();
        }

        await using var ask = new NpgsqlCommand("select * from pg_temp.ask($1)", connection);
        ask.Parameters.Add(new NpgsqlParameter { Value = ToJson(worlds), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Json });
        await using var reader = await ask.ExecuteReaderAsync();
        var answers = new List<string>();
        while (await reader.ReadAsync())
        {
            answers.Add(reader.GetString(0));
        }

        return [.. answers.Chunk(4)];
    }

    private static string ToJson(IReadOnlyList<(World World, string Module)> worlds)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var (world, module) in worlds)
            {
                writer.WriteStartObject();
                writer.WriteString("host", world.HostVersion?.ToFullString());
                writer.WriteString("module", module);
                Write(writer, "system", RecordOf(ScopeId.System) with { Definitions = [.. world.Definitions.Select(d => new DefinitionChange(null, d))] });
                Write(writer, "org", RecordOf(World.OrgScope) with { Overrides = Changes(world, world.Org) });
                Write(writer, "workspace", RecordOf(World.WorkspaceScope) with { Overrides = Changes(world, world.Workspace) });
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string name, ChangeRecord record)
    {
        writer.WritePropertyName(name);
        ChangeRecordJson.Write(writer, record, withOperation: false);
    }

    // A foreign key keeps overrides of modules that nobody ever registered out of the tables; the resolver ignores them.
    private static System.Collections.Immutable.ImmutableArray<OverrideChange> Changes(World world, IEnumerable<ModuleOverride> overrides) =>
        [.. overrides.Where(o => world.Definitions.Any(d => d.Name == o.Module)).Select(o => new OverrideChange(o.Module, null, o))];

    private static ChangeRecord RecordOf(Core.Scopes.ScopeId scope) => new()
    {
        Scope = scope,
        Revision = 1,
        Kind = ChangeKind.Restored,
        Version = default,
        At = World.Mark.At,
        Actor = World.Mark.Actor,
    };

    /// <summary>What the functions must answer for a map, in the one form of JSON.</summary>
    public static string Expect(EffectiveMap map) => Canonical("[" + string.Join(',', map.Select(m => Describe(m).ToString())) + "]");

    /// <summary>What the functions must answer for one module.</summary>
    public static string Expect(EffectiveModule? module) => Canonical(module is null ? "null" : Describe(module).ToString());

    /// <summary>An answer in the one form of JSON, without the part that the resolver does not know.</summary>
    public static string Canonical(string json)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(json);
        foreach (var module in node as System.Text.Json.Nodes.JsonArray ?? [node?.DeepClone()])
        {
            module?.AsObject().Remove("resolution_metadata");
        }

        (node as System.Text.Json.Nodes.JsonObject)?.Remove("resolution_metadata");
        return JsonObjectValue.Parse($$"""{"answer":{{node?.ToJsonString() ?? "null"}}}""").ToString();
    }

    private static JsonObjectValue Describe(EffectiveModule module) => JsonObjectValue.Build(writer =>
    {
        var definition = module.Definition;
        writer.WriteStartObject();
        writer.WriteString("module_name", definition.Name);
        writer.WriteString("display_name", definition.DisplayName);
        writer.WriteString("module_type", DefinitionJson.Word(definition.Type));
        writer.WriteNumber("tier", definition.Tier);
        writer.WriteBoolean("is_enabled", module.IsEnabled);
        writer.WriteBoolean("is_installed", definition.IsInstalled);
        writer.WriteBoolean("is_available", module.IsAvailable);
        EffectiveJson.WriteReasons(writer, module.Reasons);
        writer.WriteBoolean("system_enabled", definition.IsEnabled);
        WriteSaid(writer, "org_enabled", module.Org?.IsEnabled);
        WriteSaid(writer, "ws_enabled", module.Workspace?.IsEnabled);
        writer.WritePropertyName("config");
        module.Config.WriteTo(writer);
        writer.WritePropertyName("feature_flags");
        module.FeatureFlags.WriteTo(writer);
        writer.WritePropertyName("nav_config");
        definition.NavConfig.WriteTo(writer);
        writer.WriteStartArray("dependencies");
        foreach (var dependency in definition.Dependencies)
        {
            writer.WriteStartObject();
            writer.WriteString("name", dependency.Name);
            writer.WriteString("range", dependency.Range.ToString());
            writer.WriteBoolean("optional", dependency.IsOptional);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteSaid(Utf8JsonWriter writer, string name, bool? said)
    {
        if (said is { } value)
        {
            writer.WriteBoolean(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
