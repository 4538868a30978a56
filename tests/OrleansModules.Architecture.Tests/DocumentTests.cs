using System.Text;
using System.Text.RegularExpressions;

namespace OrleansModules.Architecture.Tests;

/// <summary>Pages of the docs and what they point to.</summary>
public sealed partial class DocumentTests
{
    /// <summary>Every page, relative to the repository.</summary>
    public static TheoryData<string> Pages => [.. Files().Select(f => Path.GetRelativePath(Repository.Root, f))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_of_a_page_point_to_files_and_headings_that_exist(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var broken = Link().Matches(WithoutCode(File.ReadAllText(path))).Select(m => m.Groups["target"].Value).Where(t => !IsElsewhere(t) && !Exists(path, t));
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_page_of_the_docs_is_in_their_index()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        var index = File.ReadAllText(Path.Combine(docs, "README.md"));
        Assert.All(Directory.EnumerateFiles(docs, "*.md").Select(Path.GetFileName).Where(f => f is not "README.md"), f => Assert.Contains($"({f})", index, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Kinds of `Idempotency-Key`, and more", "kinds-of-idempotency-key-and-more")]
    [InlineData("[Access](access.md): who?", "access-who")]
    public void Anchor_of_a_heading_is_the_one_that_viewers_give_it(string heading, string anchor) => Assert.Equal(anchor, Anchor(heading));

    private static IEnumerable<string> Files() => new[] { "README.md", "CONTRIBUTING.md" }.Select(f => Path.Combine(Repository.Root, f))
        .Concat(new[] { "docs", "bench" }.SelectMany(d => Directory.EnumerateFiles(Path.Combine(Repository.Root, d), "*.md", SearchOption.AllDirectories)))
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "sql"), "*.md"))
        .Where(f => !f.Split(Path.DirectorySeparatorChar).Contains("bin", StringComparer.Ordinal));

    private static bool IsElsewhere(string target) => target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Exists(string page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0]))); // a page is in a directory
        return Path.Exists(path) && (parts.Length == 1 || (path.EndsWith(".md", StringComparison.Ordinal) && Anchors(path).Contains(parts[1])));
    }

    private static HashSet<string> Anchors(string page)
    {
        var (anchors, counts) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var anchor in Heading().Matches(WithoutCode(File.ReadAllText(page), andSpans: false)).Select(m => Anchor(m.Groups["text"].Value)))
        {
            var count = counts.GetValueOrDefault(anchor);
            counts[anchor] = count + 1;
            anchors.Add(count == 0 ? anchor : $"{anchor}-{count}");
        }

        return anchors;
    }

    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var c in LinkText().Replace(heading, "${text}").Trim())
        {
            _ = char.IsLetterOrDigit(c) || c is '-' or '_' ? anchor.Append(char.ToLowerInvariant(c)) : c is ' ' ? anchor.Append('-') : anchor;
        }

        return anchor.ToString();
    }

    private static string WithoutCode(string text, bool andSpans = true)
    {
        var prose = Fence().Replace(text, "");
        return andSpans ? Span().Replace(prose, "") : prose;
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(\s""[^""]*"")?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkText();

    [GeneratedRegex(@"^#{1,6}[ ]+(?<text>.+?)[ ]*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ ]*```.*?^[ ]*```[ ]*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();
}
