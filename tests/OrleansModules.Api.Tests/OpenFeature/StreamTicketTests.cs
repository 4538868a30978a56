using OrleansModules.Api.Access;
using OrleansModules.Api.OpenFeature;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>Tickets of event streams.</summary>
public sealed class StreamTicketTests
{
    private static readonly ScopeId Workspace = ScopeId.Workspace("w1");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Ticket_is_for_its_scope_and_ends()
    {
        var tickets = Tickets();
        var text = tickets.Issue(Workspace, tickets.Now.Epoch);

        Assert.True(tickets.TryRead(text, out var ticket));
        Assert.Equal(Workspace, ticket.Scope);
        Assert.InRange(ticket.ExpiresAt - _time.GetUtcNow(), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20));
        Assert.Equal(text, tickets.Issue(Workspace, tickets.Now.Epoch));
        Assert.True(tickets.TryRead(tickets.Issue(ScopeId.Org("w1"), tickets.Now.Epoch), out var org));
        Assert.Equal(ScopeId.Org("w1"), org.Scope);

        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.False(tickets.TryRead(text, out _));
        Assert.NotEqual(text, tickets.Issue(Workspace, tickets.Now.Epoch));
    }

    [Fact]
    public void Ticket_of_another_key_or_changed_in_any_place_is_refused()
    {
        var tickets = Tickets();
        var text = tickets.Issue(Workspace, tickets.Now.Epoch);

        Assert.False(Tickets(null).TryRead(text, out _));
        Assert.True(Tickets().TryRead(text, out _)); // another node with the same key
        for (var i = 0; i < text.Length - 1; i++)
        {
            Assert.False(tickets.TryRead($"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}", out _), $"changed at {i}");
        }
    }

    [Fact]
    public void Without_a_key_of_its_own_it_is_that_of_the_tokens()
    {
        var text = Tickets(null).Issue(Workspace, Tickets(null).Now.Epoch);

        Assert.True(Tickets(null).TryRead(text, out _)); // after a restart, or on another node
        Assert.False(Tickets(null, tokenKey: 2).TryRead(text, out _));
    }

    // What a tag of an answer must change with (T3): a client that is told "not modified" keeps the address it has.
    [Fact]
    public void Mark_changes_with_epoch_and_key()
    {
        var mark = Tickets().Now.Mark;
        Assert.Equal(mark, Tickets().Now.Mark);
        Assert.NotEqual(mark, Tickets(new string('x', 32)).Now.Mark);
        Assert.NotEqual(mark, Tickets(null).Now.Mark);
        Assert.NotEqual(Tickets(null).Now.Mark, Tickets(null, tokenKey: 2).Now.Mark);
        Assert.InRange(mark, 0, 1L << 48);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.NotEqual(mark, Tickets().Now.Mark);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Nonsense_is_no_ticket(string text) => Assert.False(Tickets().TryRead(text, out _));

    [Fact]
    public void Endless_text_is_no_ticket() => Assert.False(Tickets().TryRead(new string('A', 100_000), out _));

    private StreamTickets Tickets() => Tickets(new string('k', 32));

    private StreamTickets Tickets(string? key, byte tokenKey = 1) =>
        new(new OpenFeatureOptions { StreamKey = key, StreamLifetime = TimeSpan.FromMinutes(10) }, new AccessSecrets([.. Enumerable.Repeat(tokenKey, AccessSecrets.MinKeyBytes)], null), _time);
}
