using System.Text;

namespace OrleansModules.Client.Tests.Hosting;

/// <summary>Maps and events as the service writes them.</summary>
internal static class Maps
{
    /// <summary>A module.</summary>
    public static string Module(string name, bool isAvailable = true, string config = "{}", string flags = "{}", string reasons = "[]") =>
        $$"""
        {"name":"{{name}}","displayName":"{{name}}","description":null,"type":"functional","tier":2,"version":"2.1.0","isInstalled":true,"isEnabled":{{Word(isAvailable)}},"isAvailable":{{Word(isAvailable)}},"reasons":{{reasons}},"systemEnabled":true,"orgEnabled":null,"wsEnabled":{{(isAvailable ? "null" : "false")}},"config":{{config}},"featureFlags":{{flags}},"navConfig":{},"dependencies":[{"name":"ai","range":"^1.2.0","optional":true}],"requiredPermissions":["chat.use"]}
        """;

    /// <summary>A map.</summary>
    public static string Map(string version, params string[] modules) => $$"""{"modules":[{{string.Join(',', modules)}}],"version":"{{version}}"}""";

    /// <summary>An event that tells of a version.</summary>
    public static string Event(string version) => $"event: version\nid: {version}\ndata: {{\"version\":\"{version}\",\"changed\":null}}\n\n";

    /// <summary>A map of a workspace, read.</summary>
    public static ModuleSnapshot Read(string map, ModuleSnapshot? previous = null) => SnapshotReader.Read(ModuleScope.Workspace("red"), Encoding.UTF8.GetBytes(map), previous);

    private static string Word(bool value) => value ? "true" : "false";
}
