using System.Collections.Immutable;

namespace OrleansModules.Core.Access;

/// <summary>The members and tokens of one scope. Immutable.</summary>
public sealed class ScopeAccess
{
    private readonly ImmutableSortedDictionary<string, Member> _members;
    private readonly ImmutableSortedDictionary<string, AccessToken> _tokens;

    private ScopeAccess(ImmutableSortedDictionary<string, Member> members, ImmutableSortedDictionary<string, AccessToken> tokens) =>
        (_members, _tokens) = (members, tokens);

    /// <summary>How many members a scope may have.</summary>
    public const int MaxMembers = 10_000;

    /// <summary>How many tokens a scope may have.</summary>
    public const int MaxTokens = 200;

    /// <summary>Nobody.</summary>
    public static ScopeAccess Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, Member>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, AccessToken>(StringComparer.Ordinal));

    /// <summary>Whether there are neither members nor tokens.</summary>
    public bool IsEmpty => _members.IsEmpty && _tokens.IsEmpty;

    /// <summary>Ordered by subject, ordinally.</summary>
    public IEnumerable<Member> Members => _members.Values;

    /// <summary>How many members there are.</summary>
    public int MemberCount => _members.Count;

    /// <summary>Ordered by id, ordinally.</summary>
    public IEnumerable<AccessToken> Tokens => _tokens.Values;

    /// <summary>How many tokens there are, expired ones included.</summary>
    public int TokenCount => _tokens.Count;

    /// <summary>The member of that name; null when there is none.</summary>
    public Member? FindMember(string subject) => _members.GetValueOrDefault(subject);

    /// <summary>The token of that id, an expired one too; null when there is none.</summary>
    public AccessToken? FindToken(string id) => _tokens.GetValueOrDefault(id);

    /// <summary>The same with a member put in.</summary>
    public ScopeAccess With(Member member) => new(_members.SetItem(member.Subject, member), _tokens);

    /// <summary>The same with a token put in.</summary>
    public ScopeAccess With(AccessToken token) => new(_members, _tokens.SetItem(token.Id, token));

    /// <summary>The same without a member.</summary>
    public ScopeAccess WithoutMember(string subject) => Make(_members.Remove(subject), _tokens);

    /// <summary>The same without a token.</summary>
    public ScopeAccess WithoutToken(string id) => Make(_members, _tokens.Remove(id));

    private static ScopeAccess Make(ImmutableSortedDictionary<string, Member> members, ImmutableSortedDictionary<string, AccessToken> tokens) =>
        members.IsEmpty && tokens.IsEmpty ? Empty : new ScopeAccess(members, tokens);
}
