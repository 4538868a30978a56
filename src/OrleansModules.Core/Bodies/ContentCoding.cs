namespace OrleansModules.Core.Bodies;

/// <summary>How a body is encoded.</summary>
public enum ContentCoding : byte
{
    /// <summary>Plain UTF-8.</summary>
    Identity,

    /// <summary>RFC 1952.</summary>
    Gzip,

    /// <summary>RFC 7932.</summary>
    Brotli,
}
