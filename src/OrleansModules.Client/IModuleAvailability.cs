namespace OrleansModules.Client;

/// <summary>Which modules are available where, from a copy in this process.</summary>
/// <remarks>
/// Safe for concurrent use. A scope is followed from the first time it is asked about; the first synchronous question starts that and answers "unknown" meanwhile,
/// <see cref="GetAsync"/> waits. Versions of one followed scope never go back.
/// </remarks>
public interface IModuleAvailability
{
    /// <summary>Whether a module is available in a scope. False also while nothing is known; <see cref="Status"/> tells the difference.</summary>
    /// <exception cref="ArgumentException">The scope is the default value.</exception>
    bool IsAvailable(ModuleScope scope, string module);

    /// <summary>The map of a scope; null while none is known, and where the scope does not exist. Allocates nothing for a followed scope.</summary>
    /// <exception cref="ArgumentException">The scope is the default value.</exception>
    ModuleSnapshot? Find(ModuleScope scope);

    /// <summary>The map of a scope, waiting for the first one: until it is there, or the scope is found not to exist, or the first attempt failed, or <see cref="ModulesClientOptions.FirstMapPatience"/> is over.</summary>
    /// <returns>Null where the scope does not exist, and where nothing is known (see <see cref="Status"/>).</returns>
    /// <remarks>Where there is no room for one more scope (it is logged), each call reads the map from the service, within the same patience.</remarks>
    /// <exception cref="ArgumentException">The scope is the default value.</exception>
    ValueTask<ModuleSnapshot?> GetAsync(ModuleScope scope, CancellationToken cancellationToken = default);

    /// <summary>What is known about a scope, and how old it is. Does not start to follow it.</summary>
    ScopeStatus Status(ModuleScope scope);

    /// <summary>Reads the map of a scope from the service now, whatever the stream says.</summary>
    /// <returns>What is known afterwards; failures are in it, and so is that there is no room for one more scope.</returns>
    /// <exception cref="ArgumentException">The scope is the default value.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    ValueTask<ScopeStatus> RefreshAsync(ModuleScope scope, CancellationToken cancellationToken = default);

    /// <summary>Calls back after every change of a scope's map, in order and one at a time, until the result is disposed.</summary>
    /// <remarks>A scope with a watcher is never evicted. The callback must return soon; what it throws is logged.</remarks>
    /// <exception cref="ArgumentException">The scope is the default value.</exception>
    /// <exception cref="InvalidOperationException">All of <see cref="ModulesClientOptions.MaxScopes"/> are taken by scopes that are watched, configured or wait for their first map.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    IDisposable OnChange(ModuleScope scope, Action<ModuleChange> changed);
}
