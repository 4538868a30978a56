namespace OrleansModules.Architecture.Tests;

/// <summary>The image and what runs it keep to what <c>docs/security.md</c> says of them.</summary>
public sealed class ImageTests
{
    private static readonly string Manifest = Read("deploy", "kubernetes", "silos.yaml");

    [Fact]
    public void Image_has_no_shell_runs_as_no_root_and_holds_no_secret()
    {
        var lines = Read("Dockerfile").Split('\n');
        Assert.EndsWith("-chiseled", lines.Last(l => l.StartsWith("FROM ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains(lines, l => l.Contains("DOTNET_EnableDiagnostics=0", StringComparison.Ordinal));
        Assert.Contains("VOLUME /data", lines);
        Assert.StartsWith("ENTRYPOINT [", lines.Last(l => l.StartsWith("ENTRYPOINT", StringComparison.Ordinal)), StringComparison.Ordinal); // a list: without a shell
        Assert.DoesNotContain(lines, l => l.Contains("Token", StringComparison.Ordinal) || l.Contains("Password", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("runAsNonRoot: true")]
    [InlineData("readOnlyRootFilesystem: true")]
    [InlineData("allowPrivilegeEscalation: false")]
    [InlineData("capabilities: { drop: [ALL] }")]
    [InlineData("seccompProfile: { type: RuntimeDefault }")]
    [InlineData("automountServiceAccountToken: false")]
    [InlineData("mountPath: /data")]
    [InlineData("kind: NetworkPolicy")]
    public void Manifest_keeps_to_the_restricted_standard(string line) => Assert.Contains(line, Manifest, StringComparison.Ordinal);

    [Theory]
    [InlineData("ConnectionStrings__Modules")]
    [InlineData("Modules__Access__TokenKey")]
    [InlineData("Modules__OpenFeature__StreamKey")]
    [InlineData("Modules__BootstrapToken")]
    public void Manifest_takes_secrets_from_mounted_files_only(string setting)
    {
        Assert.Contains($"#     --from-literal={setting}=", Manifest, StringComparison.Ordinal);
        Assert.DoesNotContain(Manifest.Split('\n'), l => !l.StartsWith('#') && l.Contains(setting, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("read_only: true")]
    [InlineData("cap_drop: [\"ALL\"]")]
    [InlineData("security_opt: [\"no-new-privileges:true\"]")]
    public void Compose_runs_silos_with_as_little_as_the_manifest(string line) => Assert.Contains(line, Read("docker-compose.yml"), StringComparison.Ordinal);

    [Fact]
    public void Every_package_that_is_used_is_in_the_notes_on_dependencies()
    {
        var notes = Read("docs", "security.md");
        var packages = Repository.Projects("src").SelectMany(p => Repository.Items(p, "PackageReference")).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, p => Assert.True(IsNamed(notes, p), $"{p} is not in docs/security.md"));
    }

    // Whole, or as the end of a name that stands before it: "`A.B.C`, `.D`" has A.B.D.
    private static bool IsNamed(string notes, string package) => notes.Contains($"`{package}`", StringComparison.Ordinal)
        || (package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && notes.Contains($"`{package["Microsoft.Extensions".Length..]}`", StringComparison.Ordinal))
        || (package.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal) && notes.Contains($"`{package["Microsoft.Orleans".Length..]}`", StringComparison.Ordinal));

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));
}
