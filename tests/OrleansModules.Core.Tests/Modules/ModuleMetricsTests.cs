using OrleansModules.Core.Faults;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Tests.Oracle;

namespace OrleansModules.Core.Tests.Modules;

[Requirement("D16")]
public sealed class ModuleMetricsTests
{
    [Fact]
    public void Metrics_are_read_in_the_order_they_are_shown()
    {
        var metrics = ModuleMetrics.Of(Define("""{"endpoint":"/api/kb/{orgId}/metrics?of={workspaceId}","items":[{"name":"documents","label":"Documents","unit":"docs","icon":"file"},{"name":"new-today","label":"New","unit":null}]}"""))!;
        Assert.Equal("/api/kb/{orgId}/metrics?of={workspaceId}", metrics.Endpoint);
        Assert.Equal<ModuleMetric>([new("documents", "Documents", "docs", "file"), new("new-today", "New", null, null)], metrics.Items);
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/a//b?x={workspaceId}{orgId}", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("//evil.example/a", false)]
    [InlineData("/\\\\evil.example/a", false)]
    [InlineData("https://evil.example/a", false)]
    [InlineData("/\\t/evil.example", false)]
    [InlineData("/a b", false)]
    [InlineData("/\u00e9", false)]
    [InlineData("/{user}", false)]
    [InlineData("/{workspaceId", false)]
    [InlineData("/{orgId}/evil.example", false)]
    [InlineData("/x/{org{workspaceId}Id}", false)]
    public void Endpoint_is_a_path_on_the_hosts_own_origin(string endpoint, bool isAccepted)
    {
        var faults = new List<Fault>();
        Read($$"""{"endpoint":"{{endpoint}}","items":[{"name":"a","label":"A"}]}""", null, faults);
        Assert.Equal(isAccepted ? [] : ["invalid-value /navConfig/metrics/endpoint"], faults.Select(f => $"{f.Code} {f.Pointer}"));
    }

    [Fact]
    public void More_than_twenty_are_refused()
    {
        var faults = new List<Fault>();
        Read($$"""{"items":[{{string.Join(',', Enumerable.Range(0, 21).Select(i => $$"""{"name":"m{{i}}","label":"M"}"""))}}]}""", null, faults);
        Assert.Equal("/navConfig/metrics/items", Assert.Single(faults).Pointer);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[1,{"name":"A","label":"A"}]}""")]
    public void Stored_definition_with_something_else_under_that_name_can_be_read_and_shows_none(string metrics) => Assert.Null(ModuleMetrics.Of(Define(metrics)));

    [Fact]
    public void Stored_metrics_that_are_no_longer_accepted_are_passed_by_one_by_one()
    {
        var metrics = ModuleMetrics.Of(Define("""{"endpoint":"//evil.example","items":[1,{"name":"a","label":"A"},{"name":"a","label":"again"}]}"""))!;
        Assert.Equal((null, "A"), (metrics.Endpoint, Assert.Single(metrics.Items).Label));
    }

    [Fact]
    public void Patch_may_leave_what_was_stored_before_and_a_new_one_must_be_right()
    {
        var (known, faults) = (Define("""{"custom":true}"""), new List<Fault>());
        Read("""{"custom":true}""", known, faults);
        DefinitionJson.Read(MapAssert.Element("""{"navConfig":{"order":5,"metrics":{"custom":true}}}"""), "kb", faults, known);
        Assert.Empty(faults);
        Read("""{"custom":false}""", known, faults);
        Assert.Equal(2, faults.Count);
    }

    private static ModuleDefinition Define(string metrics) => DefinitionJson.ReadStored(MapAssert.Element(Body(metrics)));

    private static void Read(string metrics, ModuleDefinition? known, List<Fault> faults) => DefinitionJson.Read(MapAssert.Element(Body(metrics)), "kb", faults, known);

    private static string Body(string metrics) => $$$"""{"name":"kb","navConfig":{"route":"/kb","metrics":{{{metrics}}}}}""";
}
