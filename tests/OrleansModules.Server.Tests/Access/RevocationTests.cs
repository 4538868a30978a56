using System.Diagnostics;
using OrleansModules.Server.Tests.Http;
using OrleansModules.Server.Tests.Processes;
using OrleansModules.Testing.Postgres;

namespace OrleansModules.Server.Tests.Access;

/// <summary>What one server takes away another one of the same PostgreSQL takes away too, within a second.</summary>
public sealed class RevocationTests : IAsyncLifetime, IDisposable
{
    private const string Map = "/workspaces/w1/modules";

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);

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
    public async Task Token_revoked_on_one_server_is_refused_by_the_other_within_a_second()
    {
        var made = (await Server.Client.PostAsync("/orgs/acme/tokens", """{"name":"ci","role":"shell"}""")).Is(201).Body;
        using var holder = new ModulesClient(Other.Address!, made.GetProperty("secret").GetString()!);
        await UntilAsync(holder, 200);

        (await Server.Client.SendAsync(HttpMethod.Delete, $"/orgs/acme/tokens/{made.GetProperty("token").GetProperty("id").GetString()}")).Is(200);
        Assert.InRange(await UntilAsync(holder, 401), TimeSpan.Zero, Promised);
        (await holder.GetAsync("/whoami")).Is(401);
    }

    [Fact]
    public async Task Membership_taken_on_one_server_counts_no_more_on_the_other_within_a_second()
    {
        using var ann = new ModulesClient(Other.Address!, _provider.Token("ann"));
        (await ann.GetAsync(Map)).Is(404);
        (await Server.Client.PutAsync("/orgs/acme/members/ann", """{"role":"org_admin"}""")).IsDone();
        await UntilAsync(ann, 200);

        (await Server.Client.SendAsync(HttpMethod.Delete, "/orgs/acme/members/ann")).Is(200);
        Assert.InRange(await UntilAsync(ann, 404), TimeSpan.Zero, Promised);
    }

    [Fact]
    public async Task Event_stream_of_a_token_revoked_on_another_server_is_ended_with_bye()
    {
        var made = (await Server.Client.PostAsync("/orgs/acme/tokens", """{"name":"ui","role":"shell"}""")).Is(201).Body;
        using var holder = new ModulesClient(Other.Address!, made.GetProperty("secret").GetString()!);
        await UntilAsync(holder, 200);
        using var events = await holder.EventsAsync("/workspaces/w1/events");
        Assert.NotNull(await events.NextAsync());

        var since = Stopwatch.GetTimestamp();
        (await Server.Client.SendAsync(HttpMethod.Delete, $"/orgs/acme/tokens/{made.GetProperty("token").GetProperty("id").GetString()}")).Is(200);
        ServerEvent? last = null;
        while (await events.NextAsync() is { } next)
        {
            last = next;
        }

        Assert.Equal("bye", last?.Name);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Promised);
    }

    // Asks until it is answered so; the time since the answer to the change, which came just before.
    private static async Task<TimeSpan> UntilAsync(ModulesClient client, int status)
    {
        var since = Stopwatch.GetTimestamp();
        while ((await client.GetAsync(Map)).Status is var answered && answered != status)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(20), $"still {answered}, not {status}");
        }

        return Stopwatch.GetElapsedTime(since);
    }

    private ServerSetup Setup(TempDirectory directory) => _provider.Trusted(ServerSetup.In(directory), _directory)
        .With("ConnectionStrings__Modules", _database!.ConnectionString).With("Modules__Access__TokenKey", "key-of-the-tests-key-of-the-tests");
}
