using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Api.Access.Jwt;

/// <summary>Settings of the host's identity provider, from the section <c>Modules:Access:Jwt</c>.</summary>
public sealed class JwtOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = $"{AccessOptions.Section}:Jwt";

    /// <summary>Who makes the tokens: the value of <c>iss</c>, compared exactly.</summary>
    /// <value>1 to 500 characters. Default none: tokens of an identity provider are not taken.</value>
    [StringLength(500, MinimumLength = 1)]
    public string? Issuer { get; set; }

    /// <summary>For whom the tokens are: one of the values of <c>aud</c>, compared exactly.</summary>
    /// <value>1 to 500 characters. Required with <see cref="Issuer"/>.</value>
    [StringLength(500, MinimumLength = 1)]
    public string? Audience { get; set; }

    /// <summary>A file with the provider's public keys (RFC 7517).</summary>
    /// <value>A path. Either this or <see cref="JwksUrl"/>.</value>
    public string? JwksFile { get; set; }

    /// <summary>Where the provider publishes its public keys (RFC 7517).</summary>
    /// <value>An address by https, or by http on a loopback interface. Either this or <see cref="JwksFile"/>.</value>
    public Uri? JwksUrl { get; set; }

    /// <summary>How long keys count before they are read again. While they cannot be read, the last ones count on.</summary>
    /// <value>10 seconds to 7 days. Default 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan KeysMaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The shortest time between two attempts to read the keys, however many tokens name an unknown one.</summary>
    /// <value>1 second to 1 hour. Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeysMinInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How far the provider's clock may be off.</summary>
    /// <value>0 to 5 minutes. Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The claim that names the person.</summary>
    /// <value>1 to 100 characters. Default <c>sub</c>.</value>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string SubjectClaim { get; set; } = "sub";

    /// <summary>The claim with roles in the system: an array of words, or one string with spaces between them.</summary>
    /// <value>1 to 100 characters. Default <c>roles</c>. Words that are no roles of the system are skipped.</value>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string RolesClaim { get; set; } = "roles";

    /// <summary>The claim with roles in organizations and workspaces: an object from scopes to words, such as <c>{"org/acme":"org_admin"}</c>.</summary>
    /// <value>1 to 100 characters. Default <c>memberships</c>. What is no scope or no role of it is skipped.</value>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string MembershipsClaim { get; set; } = "memberships";

    /// <summary>Whether there is an identity provider.</summary>
    public bool IsConfigured => Issuer is not null || Audience is not null || JwksFile is not null || JwksUrl is not null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
        {
            yield break;
        }

        if (Issuer is null || Audience is null)
        {
            yield return new ValidationResult($"{nameof(Issuer)} and {nameof(Audience)} are both required.");
        }

        if (JwksFile is null == JwksUrl is null)
        {
            yield return new ValidationResult($"Either {nameof(JwksFile)} or {nameof(JwksUrl)} is required, not both.");
        }

        if (JwksUrl is { } url && !(url.IsAbsoluteUri && (url.Scheme is "https" || (url.Scheme is "http" && url.IsLoopback))))
        {
            yield return new ValidationResult($"{nameof(JwksUrl)} must be an absolute https address; http only on a loopback interface.");
        }
    }
}
