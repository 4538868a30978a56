namespace OrleansModules.Server.Startup;

/// <summary>Tells browsers to come back over TLS only, where the server itself speaks it.</summary>
internal static class TransportSecurity
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    /// <summary>Registers for how long browsers remember it.</summary>
    public static void AddTransportSecurity(this WebApplicationBuilder builder) => builder.Services.AddHsts(hsts => hsts.MaxAge = Remembered);

    /// <summary>Adds <c>Strict-Transport-Security</c> to answers over TLS, but for those of loopback names; does nothing where no address has TLS.</summary>
    public static void UseTransportSecurity(this WebApplication app)
    {
        if (ListenAddresses.HaveTls(app.Configuration))
        {
            app.UseHsts();
        }
    }
}
