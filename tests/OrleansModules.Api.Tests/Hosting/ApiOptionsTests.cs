using Microsoft.Extensions.Options;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>Settings are checked at start.</summary>
public sealed class ApiOptionsTests
{
    [Theory]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("https://app.example.com?x=1")]
    [InlineData("https://user@app.example.com")]
    [InlineData("ftp://app.example.com")]
    [InlineData("https://*.example.com")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Origin_that_no_browser_sends_is_refused_at_start_by_its_name(string origin)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiFixture.StartAsync(settings: ("CorsOrigins:0", origin)));

        Assert.Contains($"CorsOrigins: '{origin}'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("*")]
    public async Task Origin_as_browsers_send_it_is_taken(string origin)
    {
        await using var api = await ApiFixture.StartAsync(settings: ("CorsOrigins:0", origin));

        var page = origin is "*" ? "https://any.example.com" : origin;
        Assert.Equal(origin, (await api.GetAsync("/health/live", ("Origin", page))).Is(200).Headers.GetValues("Access-Control-Allow-Origin").Single());
    }
}
