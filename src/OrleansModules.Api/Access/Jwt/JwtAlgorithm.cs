namespace OrleansModules.Api.Access.Jwt;

/// <summary>Signatures that are taken. There is none without a key pair among them, so a public key never serves as a shared secret.</summary>
internal enum JwtAlgorithm
{
    /// <summary>RSA PKCS #1 v1.5 with SHA-256.</summary>
    RS256,

    /// <summary>RSA PSS with SHA-256.</summary>
    PS256,

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    ES256,
}

/// <summary>The names of algorithms.</summary>
internal static class JwtAlgorithms
{
    /// <summary>Finds an algorithm by its name, in exactly that case.</summary>
    public static JwtAlgorithm? Find(string? name) => name switch
    {
        "RS256" => JwtAlgorithm.RS256,
        "PS256" => JwtAlgorithm.PS256,
        "ES256" => JwtAlgorithm.ES256,
        _ => null,
    };
}
