using System.Text;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Tests.Generators;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Changes;

public sealed class RecordAndLayerTests
{
    private static readonly (ScopeId Scope, string? OrgId)[] Scopes = [(ScopeId.System, null), (World.OrgScope, null), (World.WorkspaceScope, World.OrgScope.Id)];

    [Fact]
    [Requirement("B28")]
    public void Folding_records_keeps_for_every_value_the_change_that_last_set_it() => Laws.HoldForDice(400, dice =>
    {
        foreach (var (scope, orgId) in Scopes)
        {
            var history = new History(dice, scope, orgId, 1 + dice.Below(12));
            foreach (var (module, document, provenance) in Documents(history.Layer!))
            {
                Assert.Equal(history.MarkOf(module, ""), provenance.Whole);
                foreach (var pointer in Pointers("", document))
                {
                    Assert.True(history.MarkOf(module, pointer) == provenance.Of(pointer), $"{scope} {module} {pointer}: {history.MarkOf(module, pointer)} but {provenance.Of(pointer)}");
                }
            }
        }
    });

    [Fact]
    public void Folding_records_gives_what_the_last_record_of_each_module_says() => Laws.HoldForDice(200, dice =>
    {
        foreach (var (scope, orgId) in Scopes)
        {
            var history = new History(dice, scope, orgId, 1 + dice.Below(12));
            var last = history.Records[^1];
            Assert.Equal(last.Revision, history.Layer!.Revision);
            foreach (var module in Dice.Modules)
            {
                var record = history.Records.LastOrDefault(r => r.Touches(module));
                if (history.Layer is SystemLayer system)
                {
                    var after = record?.Definitions.Single(d => d.After.Name == module).After;
                    var folded = system.Definitions.GetValueOrDefault(module)?.Definition;
                    Assert.Equal(after, folded);
                    Assert.Same(folded is { IsRemoved: false } ? folded : null, system.Find(module));
                    Assert.Equal(history.Records.FirstOrDefault(r => r.Touches(module))?.Revision, system.Definitions.GetValueOrDefault(module)?.Registered.Revision);
                }
                else
                {
                    var layer = (ScopeLayer)history.Layer;
                    Assert.Same(record?.Overrides.Single(o => o.Module == module).After, layer.Find(module)?.Override);
                    Assert.Equal(orgId, layer.OrgId);
                }
            }
        }
    });

    [Fact]
    public void Untouched_overrides_are_the_same_objects_after_a_change() => Laws.HoldForDice(100, dice =>
    {
        var history = new History(dice, World.OrgScope, null, 5);
        var before = (ScopeLayer)history.Layer!;
        var record = history.Records[^1] with { Revision = 6, Overrides = [new OverrideChange("ghost", null, ModuleOverride.Nothing("ghost"))] };
        var after = (ScopeLayer)LayerFold.Apply(before, record);
        Assert.All(before.Overrides.ToArray().Where(o => o.Override.Module != "ghost"), e => Assert.Same(e.Override, after.Find(e.Override.Module)!.Value.Override));
    });

    [Fact]
    public void Record_that_does_not_follow_the_layer_is_refused()
    {
        var history = new History(new Dice(1), World.OrgScope, null, 3);
        Assert.Throws<InvalidOperationException>(() => LayerFold.Apply(null, history.Records[1]));
        Assert.Throws<InvalidOperationException>(() => LayerFold.Apply(history.Layer, history.Records[2]));
        Assert.True(LayerFold.Empty(World.OrgScope).IsDeleted);
        Assert.Same(SystemLayer.Empty, LayerFold.Empty(ScopeId.System));
    }

    [Fact]
    public void Written_layer_reads_back_equal() => Laws.HoldForDice(300, dice =>
    {
        foreach (var (scope, orgId) in Scopes)
        {
            var history = new History(dice, scope, orgId, 1 + dice.Below(10));
            var text = Text(w => LayerJson.Write(w, scope, history.Layer!));
            var (readScope, layer) = LayerJson.Read(MapAssert.Element(text));
            Assert.Equal(scope, readScope);
            Assert.Equal(text, Text(w => LayerJson.Write(w, readScope, layer)));
            Assert.Equal((history.Layer!.Revision, history.Layer.IsDeleted), (layer.Revision, layer.IsDeleted));
            foreach (var (was, now) in Documents(history.Layer).Zip(Documents(layer)))
            {
                Assert.Equal((was.Module, was.Document.GetRawText()), (now.Module, now.Document.GetRawText()));
                Assert.All(Pointers("", was.Document), p => Assert.Equal(was.Provenance.Of(p), now.Provenance.Of(p)));
            }

            // A change on top of either gives the same again.
            var next = history.Records[^1] with { Revision = layer.Revision + 1, Actor = "next" };
            Assert.Equal(Text(w => LayerJson.Write(w, scope, LayerFold.Apply(history.Layer, next))), Text(w => LayerJson.Write(w, scope, LayerFold.Apply(layer, next))));
        }
    });

    [Fact]
    public void Layer_that_was_read_back_resolves_to_the_same_map() => Laws.HoldForWorlds(300, world =>
    {
        var (_, layer) = LayerJson.Read(MapAssert.Element(Text(w => LayerJson.Write(w, ScopeId.System, world.SystemLayer()))));
        MapAssert.SameBytes(world.Resolve().System, CascadeResolver.Resolve((SystemLayer)layer, null));
    });

    [Fact]
    public void Written_record_reads_back_equal() => Laws.HoldForDice(300, dice =>
    {
        foreach (var (scope, orgId) in Scopes)
        {
            foreach (var record in new History(dice, scope, orgId, 1 + dice.Below(4)).Records)
            {
                var text = Text(w => ChangeRecordJson.Write(w, record, withOperation: true));
                var read = ChangeRecordJson.Read(MapAssert.Element(text));
                Assert.Equal(text, Text(w => ChangeRecordJson.Write(w, read, withOperation: true)));
                Assert.Equal(
                    (record.Position, record.Scope, record.Revision, record.Kind, record.Version, record.At, record.Actor, record.Reason),
                    (read.Position, read.Scope, read.Revision, read.Kind, read.Version, read.At, read.Actor, read.Reason));
                Assert.Equal((record.OperationId, record.Fingerprint, record.Properties), (read.OperationId, read.Fingerprint, read.Properties));
                Assert.Equal(record.Overrides.AsEnumerable(), read.Overrides.AsEnumerable());
                Assert.Equal(record.Broke.AsEnumerable(), read.Broke.AsEnumerable());
                Assert.Equal(DateTimeKind.Utc, read.At.Kind);

                var shown = Text(w => ChangeRecordJson.Write(w, record, withOperation: false));
                Assert.DoesNotContain("operationId", shown, StringComparison.Ordinal);
                Assert.DoesNotContain("fingerprint", shown, StringComparison.Ordinal);
                Assert.DoesNotContain("hash", shown, StringComparison.Ordinal);
            }
        }
    });

    [Fact]
    public void Every_kind_of_change_has_its_own_word_in_kebab_case()
    {
        var words = Enum.GetValues<ChangeKind>().Select(ChangeRecordJson.Word).ToList();
        Assert.Equal(words.Distinct(), words);
        Assert.All(words, w => Assert.True(ModuleName.IsValid(w), w));
        Assert.Equal("module-registered", ChangeRecordJson.Word(ChangeKind.ModuleRegistered));
    }

    [Fact]
    public void Damaged_record_or_layer_is_a_format_error()
    {
        var history = new History(new Dice(3), World.OrgScope, null, 4);
        var record = Text(w => ChangeRecordJson.Write(w, history.Records[0], withOperation: true));
        var layer = Text(w => LayerJson.Write(w, World.OrgScope, history.Layer!));
        Assert.All(Damaged(record), text => Assert.Throws<FormatException>(() => ChangeRecordJson.Read(MapAssert.Element(text))));
        Assert.All(Damaged(layer), text => Assert.Throws<FormatException>(() => LayerJson.Read(MapAssert.Element(text))));
        Assert.Throws<FormatException>(() => LayerJson.Read(MapAssert.Element(Text(w => LayerJson.Write(w, ScopeId.System, SystemLayer.Empty)).Replace("\"definitions\"", "\"x\""))));
    }

    // Every required field away, and of another type.
    private static IEnumerable<string> Damaged(string json)
    {
        foreach (var name in new[] { "scope", "revision", "kind", "version", "at", "actor" }.Where(n => json.Contains($"\"{n}\":", StringComparison.Ordinal)))
        {
            foreach (var wrong in new string?[] { null, "null", "{}", "[]", "true", "\"?\"", "1.5" })
            {
                var node = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(json)!;
                if (!node.Remove(name) || (name == "actor" && wrong == "\"?\""))
                {
                    continue;
                }

                if (wrong is not null)
                {
                    node[name] = System.Text.Json.Nodes.JsonNode.Parse(wrong);
                }

                yield return node.ToJsonString();
            }
        }

        foreach (var whole in new[] { "null", "[]", "1", "\"x\"", "{}" })
        {
            yield return whole;
        }
    }

    private static List<(string Module, JsonElement Document, Provenance Provenance)> Documents(Layer layer) => layer is SystemLayer system
        ? [.. system.Definitions.Values.OrderBy(d => d.Definition.Name, StringComparer.Ordinal)
            .Select(d => (d.Definition.Name, MapAssert.Element(DefinitionJson.ToValue(d.Definition).ToString()), d.Provenance))]
        : [.. ((ScopeLayer)layer).Overrides.ToArray().Select(o => (o.Override.Module, MapAssert.Element(OverrideJson.ToValue(o.Override).ToString()), o.Provenance))];

    private static IEnumerable<string> Pointers(string pointer, JsonElement element) => element.ValueKind != JsonValueKind.Object
        ? []
        : element.EnumerateObject().SelectMany(m => Pointers(Provenance.Step(pointer, m.Name), m.Value).Prepend(Provenance.Step(pointer, m.Name)));

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
