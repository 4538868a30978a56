using System.Text;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Transfer;
using OrleansModules.Engines.Conformance;
using OrleansModules.Testing;
using Xunit;

namespace OrleansModules.Storage.Conformance;

/// <summary>What every scope store promises about moving everything from one store to another, and about epochs.</summary>
public abstract class ScopeStoreTransferConformance : ScopeStoreConformance
{
    private static readonly ScopeId Support = ScopeId.Workspace("support");

    [Fact]
    public async Task Settings_members_and_tokens_are_read_back_as_they_were()
    {
        await FillAsync(Store);
        var before = await Sample.TextAsync(Store);
        await ReopenAsync();
        Assert.Equal(before, await Sample.TextAsync(Store));

        var org = (await Store.LoadAsync([Org], default))[0].Layer;
        Assert.Equal("""{"navIcon":"star","tabOrder":["b","a"]}""", org.Settings.ToString());
        Assert.Equal(ScopeRole.OrgAdmin, org.Access.FindMember("ann")!.Role);
        Assert.Null(org.Access.FindMember("bob"));
        Assert.Equal(2, org.Access.FindToken("shell")!.Secrets.Length);
    }

    [Fact]
    [Requirement("L7")]
    public async Task Export_of_another_store_is_imported_with_its_history_and_exported_the_same()
    {
        await using var other = new MemoryScopeStore();
        await FillAsync(other);
        var export = await ExportAsync(other);

        Assert.Equal(new ImportReport(11, 11, 2, 1, 1), await RecordImport.PlanAsync(Store, new MemoryStream(export), default));
        Assert.Equal(0, (await Store.HeadAsync(default)).Position);
        Assert.Equal(new ImportReport(11, 11, 2, 1, 1), await RecordImport.ImportAsync(Store, new MemoryStream(export), default));
        Assert.Equal(await Sample.TextAsync(other), await Sample.TextAsync(Store));
        Assert.Equal(Encoding.UTF8.GetString(export), Encoding.UTF8.GetString(await ExportAsync(Store)));
        Assert.Equal("op-1", (await Store.FindOperationAsync("op-1", default))?.OperationId);
    }

    [Fact]
    public async Task Import_that_was_cut_short_is_carried_on()
    {
        await using var other = new MemoryScopeStore();
        await FillAsync(other);
        var export = await ExportAsync(other);
        var all = await Sample.AllAsync(other);
        Layer? layer = null;
        foreach (var change in all.Take(2))
        {
            layer = await Store.CommitAsync(change, layer);
        }

        Assert.Equal(new ImportReport(11, 9, 2, 1, 1), await RecordImport.ImportAsync(Store, new MemoryStream(export), default));
        Assert.Equal(new ImportReport(11, 0, 2, 1, 1), await RecordImport.ImportAsync(Store, new MemoryStream(export), default));
        Assert.Equal(await Sample.TextAsync(other), await Sample.TextAsync(Store));
    }

    [Fact]
    public async Task Import_into_a_store_that_holds_something_else_is_refused()
    {
        await using var other = new MemoryScopeStore();
        await FillAsync(other);
        var export = await ExportAsync(other);
        await Store.CommitAsync(Sample.Define("voice"));
        var e = await Assert.ThrowsAsync<FormatException>(() => RecordImport.ImportAsync(Store, new MemoryStream(export), default));
        Assert.Contains("Line 2", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Store.HeadAsync(default)).Position);
    }

    [Theory]
    [InlineData("", "no export")]
    [InlineData("{}\n", "no export")]
    [InlineData("{\"export\":\"orleans-modules\",\"format\":9,\"changes\":0}\n", "format 9")]
    [InlineData("{\"export\":\"orleans-modules\",\"format\":1,\"changes\":1}\n{\"end\":1}\n", "Line 2")]
    [InlineData("{\"export\":\"orleans-modules\",\"format\":1,\"changes\":0}\n", "the end")]
    [InlineData("{\"export\":\"orleans-modules\",\"format\":1,\"changes\":0}\n{\"end\":0}\nx\n", "follows the end")]
    public async Task File_that_is_no_whole_export_is_refused(string text, string says)
    {
        var e = await Assert.ThrowsAsync<FormatException>(() => RecordImport.PlanAsync(Store, new MemoryStream(Encoding.UTF8.GetBytes(text)), default));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_without_some_of_its_changes_is_refused()
    {
        await FillAsync(Store);
        var lines = Encoding.UTF8.GetString(await ExportAsync(Store)).Split('\n');
        var cut = Encoding.UTF8.GetBytes(string.Join('\n', lines[..5]));
        var holed = Encoding.UTF8.GetBytes(string.Join('\n', [.. lines[..5], .. lines[6..]]));
        await using var empty = new MemoryScopeStore();
        Assert.Contains("ends after 4", (await Assert.ThrowsAsync<FormatException>(() => RecordImport.PlanAsync(empty, new MemoryStream(cut), default))).Message, StringComparison.Ordinal);
        Assert.Contains("Line 6", (await Assert.ThrowsAsync<FormatException>(() => RecordImport.PlanAsync(empty, new MemoryStream(holed), default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Epoch_rises_by_one_and_stays()
    {
        Assert.Equal(new FeedHead(0, 0), await Store.HeadAsync(default));
        Assert.Equal(1, await Store.RaiseEpochAsync("restored é", default));
        Assert.Equal(2, await Store.RaiseEpochAsync("again", default));
        await ReopenAsync();
        Assert.Equal(new FeedHead(2, 0), await Store.HeadAsync(default));
    }

    private static async Task<byte[]> ExportAsync(IScopeStore store)
    {
        using var stream = new MemoryStream();
        await RecordExport.WriteAsync(store, stream, default);
        return stream.ToArray();
    }

    /// <summary>Eleven changes: two modules, an organization with settings, members and a token, a workspace with an override.</summary>
    private static async Task FillAsync(IScopeStore store)
    {
        var secret = new TokenSecret("hash-1", Sample.At, null);
        var token = new AccessToken("shell", "for the shell", ScopeRole.Shell, Sample.At, Sample.At.AddYears(1), [secret]);
        var rotated = token with { Secrets = [secret with { ExpiresAt = Sample.At.AddHours(1) }, new TokenSecret("hash-2", Sample.At, null)] };
        var system = await store.CommitAsync(Sample.Define("kb") with { OperationId = "op-1", Fingerprint = "f" });
        await store.CommitAsync(Sample.Define("chat", isEnabled: false, before: system), system);
        var org = await store.CommitAsync(Sample.Put(Org, name: "Örg"));
        org = await Next(org, ChangeKind.SettingsSet, c => c with { Settings = new SettingsChange(JsonObjectValue.Empty, JsonObjectValue.Parse("""{"tabOrder":["b","a"],"navIcon":"star"}""")) });
        org = await Next(org, ChangeKind.MemberSet, c => c with { Members = [new MemberChange("ann", null, ScopeRole.OrgAdmin), new MemberChange("bob", null, ScopeRole.OrgUser)] });
        org = await Next(org, ChangeKind.MemberRemoved, c => c with { Members = [new MemberChange("bob", ScopeRole.OrgUser, null)] });
        org = await Next(org, ChangeKind.TokenCreated, c => c with { Tokens = [new TokenChange("shell", null, token)] });
        org = await Next(org, ChangeKind.TokenRotated, c => c with { Tokens = [new TokenChange("shell", token, rotated)] });
        await store.CommitAsync(Sample.Override(Org, org, "kb", false), org);
        var workspace = await store.CommitAsync(Sample.Put(Support, Org.Id));
        await store.CommitAsync(Sample.Override(Support, workspace, "chat", null, """{"n":1.50,"a":[1e2,-0]}"""), workspace);

        Task<Layer> Next(Layer before, ChangeKind kind, Func<ChangeRecord, ChangeRecord> with) => store.CommitAsync(with(Sample.Next(Org, before, kind)), before);
    }
}
