namespace OrleansModules.Api.Tests.Access.Jwt;

/// <summary>The provider's keys: kept, read again in time, kept while the provider is away.</summary>
public sealed class JwtKeysTests : IDisposable
{
    private readonly Provider _provider = new();

    /// <inheritdoc/>
    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task New_key_is_found_by_one_reading_and_unknown_ones_cause_no_more()
    {
        await _provider.AcceptedAsync(_provider.Token(_provider.Claims()));
        _provider.KeySet = $$"""{"keys":[{{_provider.CurveJwk("next")}}]}""";
        var next = _provider.Token(_provider.Claims(), "ES256", """{"alg":"ES256","kid":"next"}""");

        Assert.Equal("key-unknown", await _provider.RefusalAsync(next));
        Assert.Equal(1, _provider.Reads);
        _provider.Time.Advance(_provider.Options.KeysMinInterval);
        await _provider.AcceptedAsync(next);
        Assert.Equal("key-unknown", await _provider.RefusalAsync(_provider.Token(_provider.Claims())));
        Assert.Equal(2, _provider.Reads);
    }

    [Fact]
    public async Task Last_good_keys_count_while_the_provider_is_away_or_publishes_nothing_usable()
    {
        await _provider.AcceptedAsync(_provider.Token(_provider.Claims()));
        foreach (var bad in new[] { null, "{}", "nonsense", """{"keys":[]}""" })
        {
            _provider.KeySet = bad;
            _provider.Time.Advance(_provider.Options.KeysMaxAge);
            await _provider.AcceptedAsync(_provider.Token(_provider.Claims()));
            Assert.Equal("key-unknown", await _provider.RefusalAsync(_provider.Token(_provider.Claims(), "ES256", """{"alg":"ES256","kid":"x"}""")));
        }

        Assert.Equal(5, _provider.Reads);
    }

    [Fact]
    public async Task Provider_that_was_never_there_refuses_and_is_asked_again()
    {
        var (token, keys) = (_provider.Token(_provider.Claims()), _provider.KeySet);
        _provider.KeySet = null;

        Assert.Equal("keys-unavailable", await _provider.RefusalAsync(token));
        _provider.KeySet = keys;
        _provider.Time.Advance(_provider.Options.KeysMinInterval);
        await _provider.AcceptedAsync(token);
    }
}
