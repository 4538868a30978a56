using System.Runtime.InteropServices;

namespace OrleansModules.Bench.Processes;

/// <summary>Processes and files that have to go even when this program is interrupted.</summary>
internal static class Leftovers
{
    private const int Interrupted = 130;

    private static readonly Lock Gate = new();
    private static readonly List<IDisposable> Open = [];

    /// <summary>Takes care of them when the program is told to end.</summary>
    /// <returns>Dispose it at the end of the program.</returns>
    public static IDisposable Watch()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveAll();
        var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return new Both(interrupt, terminate);

        static void End(PosixSignalContext context)
        {
            context.Cancel = true;
            Environment.Exit(Interrupted);
        }
    }

    /// <summary>Adds one that is in use now.</summary>
    public static void Add(IDisposable one)
    {
        lock (Gate)
        {
            Open.Add(one);
        }
    }

    /// <summary>Takes out one that is gone.</summary>
    public static void Remove(IDisposable one)
    {
        lock (Gate)
        {
            Open.Remove(one);
        }
    }

    private static void RemoveAll()
    {
        IDisposable[] all;
        lock (Gate)
        {
            all = [.. Open];
        }

        // The newest first: processes go before the directories that they write to.
        foreach (var one in all.Reverse())
        {
            one.Dispose();
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
