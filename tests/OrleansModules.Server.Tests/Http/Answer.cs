using System.Text.Json;

namespace OrleansModules.Server.Tests.Http;

/// <summary>What the server answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The JSON; undefined where there was none.</param>
/// <param name="IsReplay">Whether it was answered before, by its idempotency key.</param>
internal sealed record Answer(int Status, JsonElement Body, bool IsReplay)
{
    /// <summary>The version in the body.</summary>
    public string Version => Text("version");

    /// <summary>The revision in the body.</summary>
    public long Revision => Body.GetProperty("revision").GetInt64();

    /// <summary>A text in the body.</summary>
    public string Text(string name) => Body.GetProperty(name).GetString()!; // asked for only where it is there

    /// <summary>The module of that name in a map.</summary>
    public JsonElement Module(string name) => Body.GetProperty("modules").EnumerateArray().Single(m => m.GetProperty("name").ValueEquals(name));

    /// <summary>Asserts the status.</summary>
    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        return this;
    }

    /// <summary>Asserts that the request was done.</summary>
    public Answer IsDone()
    {
        Assert.True(Status is 200 or 201, $"Expected 200 or 201, got {Status}: {Body}");
        return this;
    }
}
