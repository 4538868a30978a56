using System.ComponentModel.DataAnnotations;

namespace OrleansModules.Api;

/// <summary>Takes origins as browsers send them. One that no browser sends would be a setting that silently does nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedOriginsAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var wrong = (value as string[] ?? []).Where(o => !IsOrigin(o)).Select(o => $"'{o}'").ToList();
        return wrong.Count == 0 ? ValidationResult.Success : new ValidationResult(
            $"{validationContext.MemberName}: {string.Join(", ", wrong)} is no origin; accepted: http or https, a host and a port if it is not the usual one, nothing behind, such as https://app.example.com, or *.",
            validationContext.MemberName is { } name ? [name] : []);
    }

    private static bool IsOrigin(string? origin) => origin is "*"
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (uri.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.Ordinal) || uri.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.Ordinal))
            && !uri.Host.Contains('*', StringComparison.Ordinal)
            && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
            && uri.UserInfo.Length == 0);
}
