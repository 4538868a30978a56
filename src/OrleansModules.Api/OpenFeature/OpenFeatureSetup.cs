using Microsoft.Extensions.Options;
using OrleansModules.Api.Access;
using OrleansModules.Api.OpenApi;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Registers and maps the evaluation protocol.</summary>
internal static class OpenFeatureSetup
{
    private const string HostingDiagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Registers what the endpoints need.</summary>
    public static void AddOpenFeature(this IServiceCollection services)
    {
        services.AddOptions<OpenFeatureOptions>().BindConfiguration(OpenFeatureOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<OpenFeatureOptions>>().Value);
        services.AddSingleton<AnswerEnds>();
        services.AddSingleton<FlagEvaluation>();
        services.AddSingleton<FlagStream>();
        services.AddSingleton<StreamTickets>();
        services.AddSingleton<RefusedTickets>();

        // The one logger of the framework that writes whole addresses of requests; those of streams are secrets. A rule that names a provider
        // comes before all that name none, so each provider that is named gets one more.
        services.PostConfigure<LoggerFilterOptions>(options =>
        {
            foreach (var rule in options.Rules.Where(r => r.CategoryName?.StartsWith(HostingDiagnostics, StringComparison.OrdinalIgnoreCase) == true).ToList())
            {
                options.Rules.Remove(rule);
            }

            foreach (var provider in options.Rules.Select(r => r.ProviderName).Append(null).Distinct(StringComparer.Ordinal).ToList())
            {
                options.Rules.Add(new LoggerFilterRule(provider, HostingDiagnostics, LogLevel.None, null));
            }
        });
    }

    /// <summary>Maps the routes.</summary>
    public static void MapOpenFeature(this IEndpointRouteBuilder root, IServiceProvider services)
    {
        var evaluation = services.GetRequiredService<FlagEvaluation>();
        root.MapPost(FlagEvaluation.Path, (RequestDelegate)evaluation.EvaluateAsync).DescribeEvaluation("evaluateFlagsBulk", "Evaluates all flags of a workspace or organization", typeof(BulkEvaluation), isBulk: true);
        root.MapPost(EvaluationPath.Single, (RequestDelegate)evaluation.EvaluateAsync).DescribeEvaluation("evaluateFlag", "Evaluates one flag", typeof(FlagEvaluationAnswer), isBulk: false);
        root.MapGet(FlagStream.Path, services.GetRequiredService<FlagStream>().ServeAsync).Requires(AccessAction.Public, ScopeKind.System).Describe(new("evaluateFlagsEvents", "Server-sent events: when to evaluate again. The address is in the answer to a bulk evaluation")
        {
            Answer = typeof(string), AnswerType = "text/event-stream", Query = [FlagStream.Ticket], Headers = ["Last-Event-ID"], IsPublic = true, Statuses = [401, 404, 503],
        });
    }

    private static void DescribeEvaluation(this IEndpointConventionBuilder route, string id, string summary, Type answer, bool isBulk)
    {
        // The scope is in the body: the handler asks for the right to read it.
        route.Requires(new AccessRule(AccessAction.SignIn, ScopeKind.System) { IsHot = true });
        route.Describe(new(id, summary)
        {
            Body = typeof(EvaluationRequest), Answer = answer, Query = isBulk ? ["flagConfigEtag", "flagConfigLastModified"] : [], IsConditional = isBulk,
            Failure = isBulk ? typeof(BulkEvaluationFailure) : typeof(EvaluationFailure), Statuses = isBulk ? [400, 403, 500] : [400, 403, 404, 500],
        });
    }
}
