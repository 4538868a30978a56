using OrleansModules.Api.Tests.Hosting;
using static OrleansModules.Api.Tests.Access.Callers;

namespace OrleansModules.Api.Tests.Access;

/// <summary>What a caller hears whom the gate let in and the record does not.</summary>
[Requirement("K9", "The record is told who asks, and may refuse")]
public sealed class SecondWallTests
{
    private const string Ws = "/api/platform/workspaces/w1";

    [Fact]
    public async Task Change_that_the_record_refuses_is_forbidden_under_a_code_of_its_own_and_audited()
    {
        await using var api = await StartWithPeopleAsync();
        await api.ScopesAsync();
        (await api.PutAsync($"{Ws}/members/ann", """{"role":"ws_admin"}""")).Is(200);
        (await api.PutAsync($"{Ws}/members/bob", """{"role":"ws_admin"}""")).Is(200);
        api.Store.Refused = "ann";

        (await api.PutAsync(Ws, """{"orgId":"acme","name":"Ann's"}""", Bearer("jwt:ann"))).IsProblem(403, "identity-refused");

        (await api.PutAsync(Ws, """{"orgId":"acme","name":"Bob's"}""", Bearer("jwt:bob"))).Is(200);
        Assert.Contains("\"outcome\":\"refused\",\"code\":\"identity-refused\"", (await api.GetAsync($"{Ws}/audit?subject=ann")).Is(200).Text, StringComparison.Ordinal);
    }
}
