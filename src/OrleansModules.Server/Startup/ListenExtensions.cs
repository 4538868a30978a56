using System.Net.Sockets;

namespace OrleansModules.Server.Startup;

/// <summary>Starts listening.</summary>
internal static class ListenExtensions
{
    /// <summary>Starts the web server.</summary>
    /// <exception cref="SettingsException">It cannot listen where it was told to; the log has the stack trace.</exception>
    public static async Task ListenAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or ArgumentException)
        {
            throw new SettingsException([$"it cannot listen on {app.Configuration["urls"]}: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}"], e);
        }
    }
}
