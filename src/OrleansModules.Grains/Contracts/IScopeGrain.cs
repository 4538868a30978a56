using Orleans.Concurrency;

namespace OrleansModules.Grains.Contracts;

/// <summary>Decides and commits the changes of one scope, one at a time. The key is the scope as <c>system</c>, <c>org/{id}</c> or <c>workspace/{id}</c>.</summary>
/// <remarks>
/// Of two activations of one scope the record lets one commit; the other takes in what it missed, decides again, and leaves. Calls
/// go upward only: a workspace may call its organization.
/// </remarks>
[Alias("modules.IScopeGrain")]
public interface IScopeGrain : IGrainWithStringKey
{
    /// <summary>Changes the scope.</summary>
    [Alias("Change")]
    Task<AnswerMessage> Change(ChangeMessage change);

    /// <summary>What this silo holds of the scope; never waits for a change that is under way.</summary>
    [AlwaysInterleave]
    [Alias("Read")]
    ValueTask<StateMessage> Read();
}

/// <summary>The system's scope.</summary>
[Alias("modules.ISystemGrain")]
public interface ISystemGrain : IScopeGrain;

/// <summary>An organization's scope.</summary>
[Alias("modules.IOrgGrain")]
public interface IOrgGrain : IScopeGrain
{
    /// <summary>Creates a workspace of this organization, in its turn, so that the organization is not deleted meanwhile.</summary>
    [Alias("CreateWorkspace")]
    Task<AnswerMessage> CreateWorkspace(ChangeMessage change);
}

/// <summary>A workspace's scope.</summary>
[Alias("modules.IWorkspaceGrain")]
public interface IWorkspaceGrain : IScopeGrain;
