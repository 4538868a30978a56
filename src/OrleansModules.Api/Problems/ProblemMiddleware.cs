using Microsoft.AspNetCore.Connections;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Problems;

/// <summary>Turns what handlers throw, and what routing refuses, into problem details.</summary>
/// <remarks>Written without async where the handler ended at once, as hot reads do.</remarks>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        try
        {
            var handled = next(context);
            return handled.IsCompletedSuccessfully && context.Response.StatusCode < StatusCodes.Status400BadRequest ? handled : FinishAsync(context, handled);
        }
        catch (Exception e)
        {
            return FailAsync(context, e);
        }
    }

    private async Task FinishAsync(HttpContext context, Task handled)
    {
        try
        {
            await handled;
        }
        catch (Exception e)
        {
            await FailAsync(context, e);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted && response.ContentType is null && response.ContentLength is null)
        {
            await ProblemWriter.WriteAsync(context, OfStatus(context, response.StatusCode));
        }
    }

    private Task FailAsync(HttpContext context, Exception failure)
    {
        if (IsClientGone(context, failure))
        {
            return Task.CompletedTask; // the client has gone, nobody reads an answer
        }

        var problem = failure switch
        {
            ApiException refused => refused.Problem,
            StoreException store => ApiProblem.Of(store),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ApiProblem(StatusCodes.Status413PayloadTooLarge, ApiCodes.BodyTooLarge, "The body is larger than this service takes."),
            BadHttpRequestException bad => new ApiProblem(bad.StatusCode, Core.Faults.FaultCodes.ValidationFailed, bad.Message),
            _ => new ApiProblem(StatusCodes.Status500InternalServerError, ApiCodes.InternalError, "Something went wrong here. The trace id finds it in the log."),
        };
        if (failure is StoreException)
        {
            LogStoreFailed(failure, context.Request.Method, context.Request.Path.Value, ProblemWriter.TraceId(context));
        }
        else if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(failure, context.Request.Method, context.Request.Path.Value, ProblemWriter.TraceId(context));
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return ProblemWriter.WriteAsync(context, problem);
    }

    // A reset connection tells the reader of the body before it cancels the request.
    private static bool IsClientGone(HttpContext context, Exception failure) =>
        failure is ConnectionResetException || (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    private static ApiProblem OfStatus(HttpContext context, int status) => status switch
    {
        StatusCodes.Status404NotFound => new(status, ApiCodes.RouteNotFound, $"There is nothing at {context.Request.Path.Value}."),
        StatusCodes.Status405MethodNotAllowed => new(status, ApiCodes.MethodNotAllowed, $"{context.Request.Method} is not done here; allowed: {context.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => new(status, ApiCodes.UnsupportedMediaType, $"A body of type '{context.Request.ContentType}' is not taken here; send application/json."),
        _ => new(status, ApiCodes.InternalError, "The request could not be answered."),
    };

    [LoggerMessage(200, LogLevel.Error, "{Method} {Path} failed (trace {TraceId}).")]
    private partial void LogFailed(Exception error, string method, string? path, string traceId);

    [LoggerMessage(201, LogLevel.Error, "{Method} {Path}: the store failed (trace {TraceId}).")]
    private partial void LogStoreFailed(Exception error, string method, string? path, string traceId);
}
