using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using OrleansModules.Server.Startup;

namespace OrleansModules.Server.Tests.Startup;

/// <summary>Settings of sign-in, of rate limits and of the identity provider, as the start reads them.</summary>
public sealed class AccessSettingsTests
{
    private const string Limits = "Modules:Access:Limits:";
    private const string Jwt = "Modules:Access:Jwt:";

    private static readonly (string Name, string[] Bad, string[] Good)[] Ranges =
    [
        ("Modules:BootstrapToken", [new('x', 23), new('x', 1001)], [new('x', 24), new('x', 1000)]),
        ("Modules:Access:TokenKey", [new('x', 31), new('x', 1001)], [new('x', 32), new('x', 1000)]),
        ("Modules:Access:VerifiedFor", ["-00:00:01", "00:10:01"], ["00:00:00", "00:10:00"]),
        (Limits + "FailedSignInsPerMinute", ["0", "100001"], ["1", "100000"]),
        (Limits + "RequestsPerSecond", ["-1", "10000001"], ["0", "10000000"]),
        (Limits + "RequestBurst", ["0", "10000001"], ["1", "10000000"]),
        (Jwt + "Issuer", ["", new('x', 501)], ["i", new('x', 500)]),
        (Jwt + "Audience", ["", new('x', 501)], ["a", new('x', 500)]),
        (Jwt + "JwksUrl", ["http://login.example/keys", "keys", "ftp://login.example/keys"], ["https://login.example/keys", "http://localhost:1/keys"]),
        (Jwt + "KeysMaxAge", ["00:00:09", "7.00:00:01"], ["00:00:10", "7.00:00:00"]),
        (Jwt + "KeysMinInterval", ["00:00:00", "01:00:01"], ["00:00:01", "01:00:00"]),
        (Jwt + "ClockSkew", ["-00:00:01", "00:05:01"], ["00:00:00", "00:05:00"]),
        (Jwt + "SubjectClaim", ["", new('x', 101)], ["s", new('x', 100)]),
        (Jwt + "RolesClaim", ["", new('x', 101)], ["r", new('x', 100)]),
        (Jwt + "MembershipsClaim", ["", new('x', 101)], ["m", new('x', 100)]),
    ];

    // A provider that is complete, so that what is wrong is the one setting of a case.
    private static readonly Dictionary<string, string?> Whole = new(StringComparer.Ordinal) { [Jwt + "Issuer"] = "i", [Jwt + "Audience"] = "a", [Jwt + "JwksUrl"] = "https://login.example/keys" };

    public static IEnumerable<object[]> Bad => Ranges.SelectMany(r => r.Bad.Select(b => new object[] { r.Name, b }));

    public static IEnumerable<object[]> Good => Ranges.SelectMany(r => r.Good.Select(g => new object[] { r.Name, g }));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Setting_out_of_range_is_refused_by_its_name(string name, string value) =>
        Assert.Contains(name.Split(':')[^1], Assert.Throws<SettingsException>(() => Start(With(Whole, (name, value)))).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Good))]
    public void Setting_at_the_end_of_its_range_is_taken(string name, string value) => Start(With(Whole, (name, value)));

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var faulty = With([], [.. Ranges.Select(r => (r.Name, r.Bad[^1])), (Jwt + "JwksFile", "keys.json"), ("urls", "http://0.0.0.0:80")]);
        var message = Assert.Throws<SettingsException>(() => Start(faulty)).Message;
        Assert.All(Ranges, r => Assert.Contains(r.Name.Split(':')[^1], message, StringComparison.Ordinal));
        Assert.Contains("not both", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Audience", "Issuer and Audience are both required")]
    [InlineData("Issuer", "Issuer and Audience are both required")]
    [InlineData("JwksUrl", "Either JwksFile or JwksUrl is required")]
    public void Provider_that_is_not_whole_is_refused(string without, string says)
    {
        var settings = new Dictionary<string, string?>(Whole, StringComparer.Ordinal);
        settings.Remove(Jwt + without);
        Assert.Contains(says, Assert.Throws<SettingsException>(() => Start(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_listens_where_others_can_reach_it_with_a_provider_or_a_token_and_not_without()
    {
        (string, string)[] open = [("urls", "http://0.0.0.0:80")];
        Start(With(Whole, open));
        Start(With([], [.. open, ("Modules:BootstrapToken", new string('x', 24))]));
        Assert.Contains("nobody could sign in", Assert.Throws<SettingsException>(() => Start(With([], open))).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> With(Dictionary<string, string?> settings, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["Modules:DataDirectory"] = "/not/there" };
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }

    private static void Start(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServerDefaults();
    }
}
