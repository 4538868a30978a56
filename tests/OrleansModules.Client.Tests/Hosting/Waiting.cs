namespace OrleansModules.Client.Tests.Hosting;

/// <summary>Waits for events, and says which one did not come.</summary>
internal static class Waiting
{
    /// <summary>Longer than any machine stands still that is busy with something else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task Soon(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Patience} for {what}.");
        }
    }

    public static async Task<T> Soon<T>(this Task<T> task, string what)
    {
        await ((Task)task).Soon(what);
        return await task;
    }
}
