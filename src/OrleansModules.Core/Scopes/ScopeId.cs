using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansModules.Core.Scopes;

/// <summary>Names one scope of the tree: <c>system</c>, <c>org/{id}</c> or <c>workspace/{id}</c>.</summary>
/// <remarks>Immutable value. Ids are compared ordinally; <c>A</c> and <c>a</c> are two scopes.</remarks>
public readonly record struct ScopeId
{
    /// <summary>The longest id of an organization or workspace, in characters.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The longest name of a scope, as <see cref="ToString"/> writes it, in characters.</summary>
    public const int MaxLength = 10 + MaxIdLength;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private const string OrgPrefix = "org/";
    private const string WorkspacePrefix = "workspace/";
    private const string SystemName = "system";

    private readonly string? _id;

    private ScopeId(ScopeKind kind, string id)
    {
        Kind = kind;
        _id = id;
    }

    /// <summary>The only scope of kind <see cref="ScopeKind.System"/>; the default value.</summary>
    public static ScopeId System => default;

    /// <summary>The level.</summary>
    public ScopeKind Kind { get; }

    /// <summary>The host's opaque id; empty for the system.</summary>
    public string Id => _id ?? "";

    private string Prefix => Kind switch
    {
        ScopeKind.Org => OrgPrefix,
        ScopeKind.Workspace => WorkspacePrefix,
        _ => SystemName, // which has no id
    };

    /// <summary>The scope of an organization.</summary>
    /// <exception cref="ArgumentException">The id is not of the accepted form, see <see cref="IsValidId"/>.</exception>
    public static ScopeId Org(string orgId) => new(ScopeKind.Org, Checked(orgId));

    /// <summary>The scope of a workspace.</summary>
    /// <exception cref="ArgumentException">The id is not of the accepted form, see <see cref="IsValidId"/>.</exception>
    public static ScopeId Workspace(string workspaceId) => new(ScopeKind.Workspace, Checked(workspaceId));

    /// <summary>Whether a string is an id: <c>^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$</c>.</summary>
    public static bool IsValidId([NotNullWhen(true)] string? id)
    {
        return id is { Length: > 0 and <= MaxIdLength } && char.IsAsciiLetterOrDigit(id[0]) && !id.AsSpan().ContainsAnyExcept(IdCharacters);
    }

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out ScopeId scope)
    {
        scope = System;
        if (text is null)
        {
            return false;
        }

        if (text.Equals(SystemName, StringComparison.Ordinal))
        {
            return true;
        }

        var (kind, id) = text switch
        {
            _ when text.StartsWith(OrgPrefix, StringComparison.Ordinal) => (ScopeKind.Org, text[OrgPrefix.Length..]),
            _ when text.StartsWith(WorkspacePrefix, StringComparison.Ordinal) => (ScopeKind.Workspace, text[WorkspacePrefix.Length..]),
            _ => (ScopeKind.System, ""),
        };

        if (!IsValidId(id))
        {
            return false;
        }

        scope = new ScopeId(kind, id);
        return true;
    }

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text names no scope.</exception>
    public static ScopeId Parse(string text) =>
        TryParse(text, out var scope) ? scope : throw new FormatException($"'{text}' is no scope; expected system, org/{{id}} or workspace/{{id}}.");

    /// <inheritdoc/>
    public override string ToString() => Prefix + Id;

    /// <summary>Writes what <see cref="ToString"/> does as ASCII.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        var length = Encoding.ASCII.GetBytes(Prefix, destination);
        return length + Encoding.ASCII.GetBytes(Id, destination[length..]);
    }

    private static string Checked(string id) => IsValidId(id)
        ? id
        : throw new ArgumentException($"'{id}' is no scope id; expected 1 to {MaxIdLength} letters, digits, '.', '_' or '-', a letter or digit first.", nameof(id));
}
