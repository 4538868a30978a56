using System.Text.Json;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>What the specification of the protocol (0.3.0) says of answers, as checks of our own.</summary>
/// <remarks>
/// Patched in one place: published, the value of a flag must fit exactly one of six schemas, of which the last (no value, "code default")
/// fits everything. Here it fits only where there is no value.
/// </remarks>
internal static class ProtocolShape
{
    private static readonly string[] Reasons = ["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED", "UNKNOWN"];
    private static readonly string[] Codes = ["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "GENERAL"];

    public static void IsBulkSuccess(JsonNode answer)
    {
        Assert.All(answer["flags"]!.AsArray(), f => IsSuccess(f!));
        IsMetadata(answer["metadata"]);
        foreach (var stream in answer["eventStreams"]!.AsArray())
        {
            Assert.Equal(JsonValueKind.String, stream!["type"]!.GetValueKind());
            Assert.NotEqual(stream["url"] is null, stream["endpoint"] is null);
            Assert.StartsWith("/", (string?)stream["endpoint"]!["requestUri"], StringComparison.Ordinal);
            Assert.True((int)stream["inactivityDelaySec"]! >= 1);
        }
    }

    public static void IsSuccess(JsonNode flag)
    {
        Assert.Equal(JsonValueKind.String, flag["key"]!.GetValueKind());
        Assert.Contains((string?)flag["reason"], Reasons);
        Assert.True(flag["variant"] is null || flag["variant"]!.GetValueKind() == JsonValueKind.String);
        IsMetadata(flag["metadata"]);
        Assert.NotEqual(0, FittingSchemas(flag, isPatched: true));
    }

    public static void IsFailure(JsonNode answer, string key)
    {
        Assert.Equal(key, (string?)answer["key"]);
        Assert.Contains((string?)answer["errorCode"], Codes);
        Assert.Equal(JsonValueKind.String, answer["errorDetails"]!.GetValueKind());
        IsMetadata(answer["metadata"]);
    }

    public static void IsBulkFailure(JsonNode answer)
    {
        Assert.Contains((string?)answer["errorCode"], Codes);
        Assert.Equal(JsonValueKind.String, answer["errorDetails"]!.GetValueKind());
    }

    public static void IsNotFound(JsonNode answer, string key)
    {
        Assert.Equal(key, (string?)answer["key"]);
        Assert.Equal("FLAG_NOT_FOUND", (string?)answer["errorCode"]);
    }

    /// <summary>How many of the schemas for values fit: boolean, string, integer, float, object, code default.</summary>
    public static int FittingSchemas(JsonNode flag, bool isPatched)
    {
        var isThere = flag.AsObject().TryGetPropertyValue("value", out var value);
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var isWhole = kind == JsonValueKind.Number && decimal.TryParse(value!.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number);
        bool[] fits =
        [
            kind is JsonValueKind.True or JsonValueKind.False, kind == JsonValueKind.String, isWhole, kind == JsonValueKind.Number, kind == JsonValueKind.Object, !isThere || !isPatched,
        ];
        return fits.Count(f => f);
    }

    private static void IsMetadata(JsonNode? metadata)
    {
        if (metadata is not null)
        {
            Assert.All(metadata.AsObject(), m => Assert.Contains(m.Value!.GetValueKind(), new[] { JsonValueKind.True, JsonValueKind.False, JsonValueKind.String, JsonValueKind.Number }));
        }
    }
}
