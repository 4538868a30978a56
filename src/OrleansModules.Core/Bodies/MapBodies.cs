using System.Buffers;
using OrleansModules.Core.Cascade;

namespace OrleansModules.Core.Bodies;

/// <summary>The serialized answers of one effective map, each made once on first use, in each coding.</summary>
/// <remarks>Safe for concurrent use; readers take no lock.</remarks>
public sealed class MapBodies
{
    private static readonly int Codings = Enum.GetValues<ContentCoding>().Length;

    private readonly EffectiveMap _map;
    private readonly Slot?[] _slots = new Slot?[3 * Codings];

    internal MapBodies(EffectiveMap map) => _map = map;

    /// <summary>The map: <c>{"modules":[...]</c>.</summary>
    public SharedBody Modules(ContentCoding coding, BodyCache cache) => Get((int)coding, coding, cache, null);

    /// <summary>The names of available modules: <c>{"available":[...]</c>.</summary>
    public SharedBody Available(ContentCoding coding, BodyCache cache) => Get(Codings + (int)coding, coding, cache, null);

    /// <summary>The map in the words of another protocol, which this project does not know.</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="cache">Where a body made now is accounted for.</param>
    /// <param name="write">Writes the map as an open JSON object with at least one member; the same function at every call.</param>
    public SharedBody Evaluations(ContentCoding coding, BodyCache cache, Func<EffectiveMap, byte[]> write) => Get((2 * Codings) + (int)coding, coding, cache, write);

    private SharedBody Get(int slot, ContentCoding coding, BodyCache cache, Func<EffectiveMap, byte[]>? write)
    {
        if (Volatile.Read(ref _slots[slot]) is { } made)
        {
            made.Use();
            return made.Body;
        }

        byte[] plain;
        if (coding != ContentCoding.Identity)
        {
            plain = Get(slot - (int)coding, ContentCoding.Identity, cache, write).Start.ToArray();
        }
        else
        {
            plain = write is not null ? write(_map) : slot < Codings ? WriteModules(cache) : WriteAvailable();
        }

        var fresh = new Slot(this, slot, SharedBody.Encode(plain, coding));
        if (Interlocked.CompareExchange(ref _slots[slot], fresh, null) is { } first)
        {
            return first.Body;
        }

        cache.Add(fresh);
        return fresh.Body;
    }

    private byte[] WriteModules(BodyCache cache)
    {
        var buffer = new ArrayBufferWriter<byte>(_map.Count * 768 + 64);
        buffer.Write("{\"modules\":["u8);
        for (var i = 0; i < _map.Count; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(_map[i].Utf8(cache));
        }

        buffer.Write("]"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private byte[] WriteAvailable()
    {
        var buffer = new ArrayBufferWriter<byte>(_map.Count * 24 + 64);
        buffer.Write("{\"available\":["u8);
        var first = true;
        foreach (var module in _map)
        {
            if (module.IsAvailable)
            {
                buffer.Write(first ? "\""u8 : ",\""u8);
                buffer.Write(System.Text.Encoding.ASCII.GetBytes(module.Name));
                buffer.Write("\""u8);
                first = false;
            }
        }

        buffer.Write("]"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class Slot(MapBodies owner, int index, SharedBody body) : IEvictableBody
    {
        private bool _used;

        public SharedBody Body { get; } = body;

        public long Bytes => Body.Start.Length;

        public void Use()
        {
            if (!Volatile.Read(ref _used))
            {
                Volatile.Write(ref _used, true);
            }
        }

        public bool WasUsed()
        {
            var used = Volatile.Read(ref _used);
            Volatile.Write(ref _used, false);
            return used;
        }

        public void Drop() => Interlocked.CompareExchange(ref owner._slots[index], null, this);
    }
}
