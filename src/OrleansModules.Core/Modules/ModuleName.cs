using System.Diagnostics.CodeAnalysis;

namespace OrleansModules.Core.Modules;

/// <summary>The accepted form of a module's name: a slug such as <c>module-kb</c>.</summary>
public static class ModuleName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>What a message says of the accepted form.</summary>
    public const string Form = "lower-case letters and digits in words joined by single hyphens, a letter first, at most 100 characters";

    /// <summary>Whether a string is a name: <c>^[a-z][a-z0-9]*(-[a-z0-9]+)*$</c>, at most 100 characters.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxLength || !char.IsAsciiLetterLower(name[0]) || name[^1] == '-')
        {
            return false;
        }

        for (var i = 1; i < name.Length; i++)
        {
            var c = name[i];
            var accepted = char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || (c == '-' && name[i - 1] != '-');
            if (!accepted)
            {
                return false;
            }
        }

        return true;
    }
}
