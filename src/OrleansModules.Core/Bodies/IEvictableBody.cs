namespace OrleansModules.Core.Bodies;

/// <summary>Serialized bytes that can be dropped and made again.</summary>
internal interface IEvictableBody
{
    /// <summary>How much memory it holds, in bytes.</summary>
    long Bytes { get; }

    /// <summary>Whether it was used since it was last asked.</summary>
    bool WasUsed();

    /// <summary>Lets go of the bytes. Readers that have them keep them.</summary>
    void Drop();
}
