using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Server.Tests.Access;

/// <summary>What one server takes away another one of the same PostgreSQL takes away too, without being asked to look. How soon is measured in bench/.</summary>
public sealed class RevocationTests : IAsyncLifetime, IDisposable
{
    private const string Map = "/workspaces/w1/modules";

    private readonly TempDirectory _directory = new();
    private readonly TempDirectory _otherDirectory = new();
    private readonly IdentityProvider _provider = new();
    private TestDatabase? _database;
    private ServerProcess? _server;
    private ServerProcess? _other;

    private ServerProcess Server => _server!;

    private ServerProcess Other => _other!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(empty: true);
        _server = await ServerProcess.StartAsync(Setup(_directory));
        _other = await ServerProcess.StartAsync(Setup(_otherDirectory));
        (await Server.Client.PutAsync("/orgs/acme", "{}")).Is(201);
        (await Server.Client.PutAsync("/workspaces/w1", """{"orgId":"acme"}""")).Is(201);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Other.DisposeAsync();
        await _database!.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _provider.Dispose();
        _directory.Dispose();
        _otherDirectory.Dispose();
    }

    [Fact]
    public async Task Token_revoked_on_one_server_is_refused_by_the_other()
    {
        var (id, secret) = await MakeTokenAsync();
        using var holder = new ModulesClient(Other.Address!, secret);
        await UntilAsync(holder, 200);

        await RevokeAsync(id);
        await UntilAsync(holder, 401);
        (await holder.GetAsync("/whoami")).Is(401);
    }

    [Fact]
    public async Task Membership_taken_on_one_server_counts_no_more_on_the_other()
    {
        using var ann = new ModulesClient(Other.Address!, _provider.Token("ann"));
        (await ann.GetAsync(Map)).Is(404);
        (await Server.Client.PutAsync("/orgs/acme/members/ann", """{"role":"org_admin"}""")).IsDone();
        await UntilAsync(ann, 200);

        (await Server.Client.SendAsync(HttpMethod.Delete, "/orgs/acme/members/ann")).Is(200);
        await UntilAsync(ann, 404);
    }

    [Fact]
    public async Task Event_stream_of_a_token_revoked_on_another_server_is_ended_with_bye()
    {
        var (id, secret) = await MakeTokenAsync();
        using var holder = new ModulesClient(Other.Address!, secret);
        await UntilAsync(holder, 200);
        using var events = await holder.EventsAsync("/workspaces/w1/events");
        Assert.NotNull(await events.NextAsync());

        await RevokeAsync(id);
        ServerEvent? last = null;
        while (await events.NextAsync() is { } next)
        {
            last = next;
        }

        Assert.Equal("bye", last?.Name);
    }

    private async Task<(string Id, string Secret)> MakeTokenAsync()
    {
        var made = (await Server.Client.PostAsync("/orgs/acme/tokens", """{"name":"ci","role":"shell"}""")).Is(201).Body;
        return (made.GetProperty("token").GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!); // a receipt has both
    }

    private async Task RevokeAsync(string id) => (await Server.Client.SendAsync(HttpMethod.Delete, $"/orgs/acme/tokens/{id}")).Is(200);

    // Asks until it is answered so.
    private static Task UntilAsync(ModulesClient client, int status) => Eventually.TrueAsync(async () => (await client.GetAsync(Map)).Status == status);

    private ServerSetup Setup(TempDirectory directory) => _provider.Trusted(ServerSetup.In(directory), _directory)
        .With("ConnectionStrings__Modules", _database!.ConnectionString).With("Modules__Access__TokenKey", "key-of-the-tests-key-of-the-tests");
}
