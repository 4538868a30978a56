using Microsoft.Extensions.Options;
using OrleansModules.Api.Access;
using OrleansModules.Api.Contracts;
using OrleansModules.Api.OpenApi;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Usage;

namespace OrleansModules.Api.Usage;

/// <summary>Registers and maps usage.</summary>
internal static class UsageSetup
{
    /// <summary>Registers what the endpoints need. The host registers an <see cref="IUsageStore"/>, and runs the queue and the roll-up.</summary>
    public static void AddUsage(this IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<UsageOptions>>().Value);
        services.AddSingleton(s => new UsageQueue(s.GetRequiredService<IUsageStore>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<UsageOptions>().Capacity));
        services.AddSingleton<UsageRollUp>();
        services.AddSingleton<UsageEventReader>();
        services.AddSingleton<UsageReports>();
        services.AddSingleton<UsageStatistics>();
    }

    /// <summary>Maps the routes.</summary>
    public static void MapUsage(this IEndpointRouteBuilder platform, IServiceProvider services)
    {
        var reports = services.GetRequiredService<UsageReports>();
        var statistics = services.GetRequiredService<UsageStatistics>();
        platform.MapPost("/usage", reports.ReportAsync).Requires(AccessAction.SignIn, ScopeKind.System).Describe(new("usageReport", "Reports that modules are used: one event, or many in 'events'")
        {
            Body = typeof(UsageBody), Answer = typeof(UsageReceipt), Status = StatusCodes.Status202Accepted, Statuses = [404, 413, 415],
        });
        platform.MapPost("/usage/roll-up", statistics.RollUpAsync).Requires(AccessAction.Operate, ScopeKind.System).Describe(new("usageRollUp", "Sums up days of usage, again where they were; yesterday and today where none is said")
        {
            Answer = typeof(RollUpAnswer), Query = ["from", "to"], Statuses = [503],
        });
        platform.MapRead("/orgs/{id}/usage", statistics.ReadAsync).Requires(AccessAction.ReadUsage, ScopeKind.Org).Describe(new("orgUsage", "What was used in the organization, by period, module and kind of event; the last 30 days where none is said")
        {
            Answer = typeof(UsagePage), Query = ["from", "to", "granularity", "module", "limit", "after"], Statuses = [404, 503],
        });
    }
}
