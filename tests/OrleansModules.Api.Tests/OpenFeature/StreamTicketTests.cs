using OrleansModules.Api.OpenFeature;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Tests.OpenFeature;

/// <summary>Tickets of event streams.</summary>
public sealed class StreamTicketTests
{
    private static readonly ScopeId Workspace = ScopeId.Workspace("w1");

    private readonly FakeTimeProvider _time = new();
    private readonly OpenFeatureOptions _options = new() { StreamKey = new string('k', 32), StreamLifetime = TimeSpan.FromMinutes(10) };

    [Fact]
    public void Ticket_is_for_its_scope_and_ends()
    {
        var tickets = new StreamTickets(_options, _time);
        var text = tickets.Issue(Workspace, tickets.Epoch);

        Assert.True(tickets.TryRead(text, out var ticket));
        Assert.Equal(Workspace, ticket.Scope);
        Assert.InRange(ticket.ExpiresAt - _time.GetUtcNow(), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20));
        Assert.Equal(text, tickets.Issue(Workspace, tickets.Epoch));
        Assert.True(tickets.TryRead(tickets.Issue(ScopeId.Org("w1"), tickets.Epoch), out var org));
        Assert.Equal(ScopeId.Org("w1"), org.Scope);

        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.False(tickets.TryRead(text, out _));
        Assert.NotEqual(text, tickets.Issue(Workspace, tickets.Epoch));
    }

    [Fact]
    public void Ticket_of_another_key_or_changed_in_any_place_is_refused()
    {
        var tickets = new StreamTickets(_options, _time);
        var text = tickets.Issue(Workspace, tickets.Epoch);

        Assert.False(new StreamTickets(new OpenFeatureOptions { StreamLifetime = _options.StreamLifetime }, _time).TryRead(text, out _));
        Assert.True(new StreamTickets(_options, _time).TryRead(text, out _)); // another node with the same key
        for (var i = 0; i < text.Length - 1; i++)
        {
            Assert.False(tickets.TryRead($"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}", out _), $"changed at {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Nonsense_is_no_ticket(string text) => Assert.False(new StreamTickets(_options, _time).TryRead(text, out _));

    [Fact]
    public void Endless_text_is_no_ticket() => Assert.False(new StreamTickets(_options, _time).TryRead(new string('A', 100_000), out _));
}
