using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansModules.Api.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Signs and reads the tickets in the addresses of event streams.</summary>
/// <remarks>
/// Time is cut into epochs of <see cref="OpenFeatureOptions.StreamLifetime"/>. In one epoch a scope has one ticket, valid to the end of the
/// next: clients that ask again get the same address and keep their stream. Without a key of its own the key is derived from that of the
/// tokens, so that addresses outlive a restart and count on every node. Safe for concurrent use.
/// </remarks>
internal sealed class StreamTickets
{
    private const int TimeLength = 8;
    private const int MacLength = 24; // 192 bits of HMAC-SHA-256
    private const int LongestTicket = 256;
    private const int MarkShift = 16; // leaves 48 bits, which JavaScript can hold too

    private static readonly byte[] Purpose = "orleansmodules event stream 1\n"u8.ToArray();
    private static readonly byte[] MarkPurpose = "orleansmodules mark of event streams 1\n"u8.ToArray();

    private readonly byte[] _key;
    private readonly long _lifetime;
    private readonly TimeProvider _time;
    private volatile TicketEra? _era;

    public StreamTickets(OpenFeatureOptions options, AccessSecrets secrets, TimeProvider time)
    {
        _key = options.StreamKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : secrets.Derive("orleansmodules key of event streams 1\n");
        _lifetime = (long)options.StreamLifetime.TotalMilliseconds;
        _time = time;
    }

    /// <summary>How long one ticket is given out.</summary>
    public TimeSpan Lifetime => TimeSpan.FromMilliseconds(_lifetime);

    /// <summary>The epoch now, by the key that signs.</summary>
    public TicketEra Now
    {
        get
        {
            var epoch = _time.GetUtcNow().ToUnixTimeMilliseconds() / _lifetime;
            return _era is { } known && known.Epoch == epoch ? known : _era = new TicketEra(epoch, MarkOf(epoch));
        }
    }

    /// <summary>The ticket of a scope in an epoch, as text for an address.</summary>
    public string Issue(ScopeId scope, long epoch)
    {
        var length = TimeLength + 1 + scope.Id.Length;
        Span<byte> ticket = stackalloc byte[length + MacLength];
        BinaryPrimitives.WriteInt64BigEndian(ticket, (epoch + 2) * _lifetime);
        ticket[TimeLength] = (byte)scope.Kind;
        Encoding.ASCII.GetBytes(scope.Id, ticket[(TimeLength + 1)..]);
        Sign(ticket[..length], ticket[length..]);
        return Base64Url.EncodeToString(ticket);
    }

    /// <summary>Reads a ticket.</summary>
    /// <param name="text">The ticket as it is in an address.</param>
    /// <param name="ticket">The ticket, also where it has ended; the default where it was not signed here.</param>
    /// <returns>False where it is none of this service, or has ended.</returns>
    public bool TryRead(string text, out StreamTicket ticket)
    {
        ticket = default;
        Span<byte> bytes = stackalloc byte[LongestTicket];
        if (text.Length > LongestTicket || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length <= TimeLength + 1 + MacLength)
        {
            return false;
        }

        var signed = bytes[..(length - MacLength)];
        Span<byte> mac = stackalloc byte[MacLength];
        Sign(signed, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[signed.Length..length]))
        {
            return false;
        }

        // Signed, so it is what Issue wrote.
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(signed));
        var id = Encoding.ASCII.GetString(signed[(TimeLength + 1)..]);
        ticket = new StreamTicket((ScopeKind)signed[TimeLength] == ScopeKind.Org ? ScopeId.Org(id) : ScopeId.Workspace(id), expiresAt);
        return expiresAt > _time.GetUtcNow();
    }

    private long MarkOf(long epoch)
    {
        Span<byte> message = stackalloc byte[MarkPurpose.Length + TimeLength];
        MarkPurpose.CopyTo(message);
        BinaryPrimitives.WriteInt64BigEndian(message[MarkPurpose.Length..], epoch);
        return BinaryPrimitives.ReadInt64BigEndian(HMACSHA256.HashData(_key, message)) >>> MarkShift;
    }

    private void Sign(ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        Span<byte> message = stackalloc byte[Purpose.Length + signed.Length];
        Purpose.CopyTo(message);
        signed.CopyTo(message[Purpose.Length..]);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, message, whole);
        whole[..MacLength].CopyTo(mac);
    }
}

/// <summary>An epoch of addresses.</summary>
/// <param name="Epoch">Its number.</param>
/// <param name="Mark">Stands for the addresses of this epoch in entity tags: other epochs and other keys have another.</param>
internal sealed record TicketEra(long Epoch, long Mark);
