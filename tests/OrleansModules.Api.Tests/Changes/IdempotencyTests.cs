using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Hosting.Requests;

namespace OrleansModules.Api.Tests.Changes;

/// <summary>Requests that name themselves by <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyTests
{
    private const string WsKb = $"{Workspaces}/w1/modules/kb";

    [Fact]
    public async Task Request_sent_again_answers_the_same_bytes_and_changes_nothing()
    {
        await using var api = await StartAsync();
        (string, string)[] headers = [("Idempotency-Key", "k1"), ("If-Match", "\"1\""), ("X-Change-Reason", "why")];
        var first = (await api.PutAsync(WsKb, """{"isEnabled":false}""", headers)).Is(200);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        (await api.PutAsync(WsKb, """{"isEnabled":true}""")).Is(200);

        var again = (await api.PutAsync(WsKb, """{"isEnabled":false}""", headers)).Is(200);

        Assert.Equal(first.Bytes, again.Bytes);
        Assert.Equal(first.ETag, again.ETag);
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal("3", (await api.GetAsync($"{Workspaces}/w1"))["revision"]);
    }

    [Fact]
    public async Task Registration_sent_again_answers_201_and_where_it_is()
    {
        await using var api = await StartAsync();
        var first = (await api.PostAsync(Modules, """{"name":"new"}""", ("Idempotency-Key", "k"))).Is(201);

        var again = (await api.PostAsync(Modules, """{"name":"new"}""", ("Idempotency-Key", "k"))).Is(201);

        Assert.Equal(first.Bytes, again.Bytes);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
    }

    [Fact]
    public async Task Key_of_another_request_is_refused()
    {
        await using var api = await StartAsync();
        (await api.PutAsync(WsKb, """{"isEnabled":false}""", ("Idempotency-Key", "k"))).Is(200);

        (await api.PutAsync(WsKb, """{"isEnabled": false}""", ("Idempotency-Key", "k"))).IsProblem(422, "idempotency-key-reused");
        (await api.PutAsync($"{WsKb}?force=true", """{"isEnabled":false}""", ("Idempotency-Key", "k"))).IsProblem(422, "idempotency-key-reused");
        (await api.PutAsync(WsKb, """{"isEnabled":false}""", ("Idempotency-Key", "k"), ("If-Match", "*"))).IsProblem(422, "idempotency-key-reused");
        (await api.DeleteAsync(WsKb, ("Idempotency-Key", "k"))).IsProblem(422, "idempotency-key-reused");
        (await api.PutAsync($"{Orgs}/acme/modules/kb", """{"isEnabled":false}""", ("Idempotency-Key", "k"))).IsProblem(422, "idempotency-key-reused");
        Assert.Equal("2", (await api.GetAsync($"{Workspaces}/w1"))["revision"]);
    }

    [Fact]
    public async Task Same_key_at_once_makes_one_change()
    {
        await using var api = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => api.PutAsync(WsKb, """{"isEnabled":false}""", ("Idempotency-Key", "k"))));

        Assert.All(answers, a => Assert.Equal(answers[0].Is(200).Text, a.Is(200).Text));
        Assert.Equal(31, answers.Count(a => a.Headers.Contains("Idempotent-Replayed")));
        Assert.Equal("2", (await api.GetAsync($"{Workspaces}/w1"))["revision"]);
    }

    [Fact]
    public async Task Same_key_at_once_for_many_scopes_makes_one_change()
    {
        await using var api = await StartAsync();
        var ids = Enumerable.Range(0, 16).Select(i => $"many-{i}").ToArray();

        var answers = await Task.WhenAll(ids.Select(id => api.PutAsync($"{Orgs}/{id}", "{}", ("Idempotency-Key", "k"))));

        Assert.Single(answers, a => a.Status == 201);
        Assert.Equal(15, answers.Count(a => a.Status == 422));
        Assert.Single((await api.GetAsync(Orgs)).Json["orgs"]!.AsArray(), o => ((string)o!["orgId"]!).StartsWith("many-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ä")]
    [InlineData("with space")]
    public async Task Key_of_another_form_is_refused(string key)
    {
        await using var api = await StartAsync();

        Assert.Equal(["invalid-header Idempotency-Key"], (await api.DeleteAsync(WsKb, ("Idempotency-Key", key))).IsProblem(400, "invalid-header").Faults);
        (await api.DeleteAsync(WsKb, ("Idempotency-Key", new string('k', 256)))).IsProblem(400, "invalid-header");
        (await api.PutAsync(WsKb, """{"isEnabled":false}""", ("Idempotency-Key", new string('k', 255)))).Is(200);
    }

    private static async Task<ApiFixture> StartAsync()
    {
        var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("kb");
        await api.ScopesAsync();
        return api;
    }
}
