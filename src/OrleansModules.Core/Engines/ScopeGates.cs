using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Engines;

/// <summary>Lets one change of a scope through at a time. Scopes share a fixed number of gates, so a gate costs no memory per scope.</summary>
/// <remarks>Who holds a workspace's gate may take its organization's, never the other way round: that order cannot deadlock.</remarks>
internal sealed class ScopeGates
{
    private readonly SemaphoreSlim[] _system = Make(1);
    private readonly SemaphoreSlim[] _orgs = Make(256);
    private readonly SemaphoreSlim[] _workspaces = Make(1024);

    /// <summary>Waits for the gate of a scope; dispose to open it for the next.</summary>
    public async ValueTask<IDisposable> EnterAsync(ScopeId scope, CancellationToken cancellationToken)
    {
        var gate = Pick(scope.Kind switch { ScopeKind.System => _system, ScopeKind.Org => _orgs, _ => _workspaces }, scope.Id);
        await gate.WaitAsync(cancellationToken);
        return new Exit(gate);
    }

    private static SemaphoreSlim Pick(SemaphoreSlim[] gates, string id) => gates[(uint)id.GetHashCode(StringComparison.Ordinal) % (uint)gates.Length];

    private static SemaphoreSlim[] Make(int count) => [.. Enumerable.Range(0, count).Select(_ => new SemaphoreSlim(1, 1))];

    private sealed class Exit(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
