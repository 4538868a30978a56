namespace OrleansModules.Api.Access;

/// <summary>What a credential is by its form alone, before anything is verified.</summary>
internal enum CredentialForm
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>An API token with a good check, of a scope in memory: verified by one hash.</summary>
    OwnToken,

    /// <summary>A signed token of the identity provider: verified by a signature, which costs more.</summary>
    ProviderToken,

    /// <summary>Anything else, the token of the configuration too: people choose it, so that it might be guessed.</summary>
    Other,
}
