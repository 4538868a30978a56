using OrleansModules.Core.Audit;
using OrleansModules.Storage.Audit;
using OrleansModules.Storage.Conformance;

namespace OrleansModules.Storage.Tests.Audit;

/// <summary>Audit files keep the promises of every audit log.</summary>
public sealed class AuditFilesConformanceTests : AuditLogConformance
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modules-audit-").FullName;
    private AuditFiles? _files;

    protected override Task<IAuditLog> OpenLogAsync() => Task.FromResult<IAuditLog>(_files = new AuditFiles(new AuditFileOptions { Directory = _directory }));

    protected override Task RemoveLogAsync()
    {
        _files?.Dispose();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }
}
