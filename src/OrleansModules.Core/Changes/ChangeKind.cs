namespace OrleansModules.Core.Changes;

/// <summary>What a change did; written in kebab case in JSON (<c>module-registered</c>).</summary>
public enum ChangeKind
{
    /// <summary>A module was registered.</summary>
    ModuleRegistered,

    /// <summary>A definition was replaced or patched.</summary>
    ModuleUpdated,

    /// <summary>A module was enabled for the system.</summary>
    ModuleEnabled,

    /// <summary>A module was disabled for the system.</summary>
    ModuleDisabled,

    /// <summary>A module was removed.</summary>
    ModuleRemoved,

    /// <summary>The host's version was set.</summary>
    HostVersionSet,

    /// <summary>An organization or workspace was created, or created again after it was deleted.</summary>
    ScopeCreated,

    /// <summary>Properties of an organization or workspace changed.</summary>
    ScopeUpdated,

    /// <summary>An organization or workspace was deleted, with its overrides.</summary>
    ScopeDeleted,

    /// <summary>An override was set or patched.</summary>
    OverrideSet,

    /// <summary>An override was taken away.</summary>
    OverrideCleared,

    /// <summary>The scope, or one module in it, was set back to an earlier revision.</summary>
    Restored,

    /// <summary>Settings for shells were replaced or patched.</summary>
    SettingsSet,

    /// <summary>Somebody was given a role.</summary>
    MemberSet,

    /// <summary>Somebody lost their role.</summary>
    MemberRemoved,

    /// <summary>A token was made.</summary>
    TokenCreated,

    /// <summary>A token got a new secret.</summary>
    TokenRotated,

    /// <summary>A token was taken away.</summary>
    TokenRevoked,
}
