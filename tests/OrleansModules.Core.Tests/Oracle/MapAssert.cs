using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansModules.Core.Bodies;
using OrleansModules.Core.Cascade;

namespace OrleansModules.Core.Tests.Oracle;

/// <summary>Compares maps as a reader of their JSON would.</summary>
internal static class MapAssert
{
    /// <summary>The map says, module by module and in order, what is expected.</summary>
    public static void Says(IReadOnlyList<JsonObject> expected, EffectiveMap map)
    {
        Assert.Equal(expected.Select(m => (string)m["name"]!), map.Select(m => m.Name));
        foreach (var wanted in expected)
        {
            var actual = Json(map.Find((string)wanted["name"]!)!);
            Assert.True(JsonNode.DeepEquals(wanted, actual), $"expected {wanted.ToJsonString()}\nactual   {actual.ToJsonString()}");
        }
    }

    /// <summary>Two maps give the same bytes.</summary>
    public static void SameBytes(EffectiveMap expected, EffectiveMap actual)
    {
        Assert.Equal(expected.Select(Text), actual.Select(Text));
    }

    public static JsonObject Json(EffectiveModule module) => (JsonObject)JsonNode.Parse(module.Utf8(new BodyCache(1 << 20)))!;

    public static string Text(EffectiveModule module) => System.Text.Encoding.UTF8.GetString(EffectiveJson.ToUtf8(module));

    public static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
