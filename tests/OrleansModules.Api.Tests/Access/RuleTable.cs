using System.Reflection;
using OrleansModules.Core.Access;

namespace OrleansModules.Api.Tests.Access;

/// <summary>The table of <c>docs/access.md</c>: which roles may do what.</summary>
internal static class RuleTable
{
    /// <summary>Roles by the word of the action.</summary>
    public static IReadOnlyDictionary<string, ScopeRole[]> Read()
    {
        var root = typeof(RuleTable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key.Equals("RepositoryRoot", StringComparison.Ordinal)).Value!;
        var rows = File.ReadAllLines(Path.Combine(root, "docs", "access.md")).SkipWhile(l => !l.StartsWith("| action | sys_owner", StringComparison.Ordinal))
            .TakeWhile(l => l.StartsWith('|')).Select(l => l.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        var roles = rows[0][1..].Select(w => ScopeRoles.TryParse(w, out var role) ? role : throw new InvalidDataException($"'{w}' is no role.")).ToArray();
        return rows.Skip(2).ToDictionary(r => r[0].Trim('`'), r => roles.Where((_, i) => r[i + 1] is "yes").ToArray(), StringComparer.Ordinal);
    }
}
