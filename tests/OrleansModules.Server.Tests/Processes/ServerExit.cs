namespace OrleansModules.Server.Tests.Processes;

/// <summary>How a server ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Lines of standard output.</param>
/// <param name="Error">Lines of standard error.</param>
internal sealed record ServerExit(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    /// <inheritdoc/>
    public override string ToString() => $"exit code {Code}\n--- output\n{string.Join('\n', Output)}\n--- error\n{string.Join('\n', Error)}";

    /// <summary>Asserts that the server refused to start, in one line.</summary>
    /// <returns>The line.</returns>
    public string AssertCannotStart()
    {
        Assert.True(Code == 1, ToString());
        Assert.True(Error.Count == 1, ToString());
        Assert.StartsWith("Cannot start: ", Error[0], StringComparison.Ordinal);
        return Error[0];
    }
}
