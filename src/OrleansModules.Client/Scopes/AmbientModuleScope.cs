namespace OrleansModules.Client;

/// <summary>The scope that the code around entered: for workers and consoles, where no request names one.</summary>
/// <remarks>Flows with the asynchronous call; safe for concurrent use.</remarks>
public sealed class AmbientModuleScope : IModuleScopeAccessor
{
    private static readonly AsyncLocal<ModuleScope?> Current = new();

    /// <inheritdoc/>
    public ModuleScope? Scope => Current.Value;

    /// <summary>Enters a scope until the result is disposed; scopes nest.</summary>
    /// <exception cref="ArgumentException">The scope is the default value.</exception>
    public static IDisposable Enter(ModuleScope scope)
    {
        scope.ThrowIfNone(nameof(scope));

        var outer = Current.Value;
        Current.Value = scope;
        return new Entered(outer);
    }

    private sealed class Entered(ModuleScope? outer) : IDisposable
    {
        public void Dispose() => Current.Value = outer;
    }
}
