using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using OrleansModules.Api.Http;
using OrleansModules.Core.Access;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.Problems;

/// <summary>Writes problem details (RFC 9457): the one place where an answer that is no success is made.</summary>
internal static class ProblemWriter
{
    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.SetForData(response);
        if (problem.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Challenge is { } challenge)
        {
            response.Headers.WWWAuthenticate = challenge;
        }

        var body = CompactJson.Write(writer => Write(writer, context, problem));
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>What finds the request in logs: its trace, or its connection and number where nothing is traced.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static void Write(Utf8JsonWriter writer, HttpContext context, ApiProblem problem)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "urn:orleansmodules:problem:" + problem.Code);
        writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(problem.Status));
        writer.WriteNumber("status"u8, problem.Status);
        writer.WriteString("detail"u8, problem.Detail);
        writer.WriteString("instance"u8, context.Request.Path.Value);
        writer.WriteString("code"u8, problem.Code);
        writer.WriteString("traceId"u8, TraceId(context));
        if (problem.CurrentVersion is { } current)
        {
            writer.WriteNumber("currentRevision"u8, current.Own);
            writer.WriteString("currentVersion"u8, current.ToString());
        }

        if (problem.MissingRole is { } role)
        {
            writer.WriteString("missingRole"u8, ScopeRoles.Word(role));
            writer.WriteString("scope"u8, problem.Scope.ToString());
        }

        WriteModules(writer, "dependencies", FaultCodes.DependencyConflict, problem);
        WriteModules(writer, "dependents", FaultCodes.DependentModulesExist, problem);
        if (problem.Faults.FirstOrDefault(f => f.Code.Equals(FaultCodes.ParentDisabled, StringComparison.Ordinal)) is { } veto)
        {
            writer.WriteString("scope"u8, veto.Scope);
        }

        if (!problem.Faults.IsEmpty)
        {
            writer.WriteStartArray("errors"u8);
            foreach (var fault in problem.Faults)
            {
                WriteFault(writer, fault);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteModules(Utf8JsonWriter writer, string name, string code, ApiProblem problem)
    {
        var modules = problem.Faults.Where(f => f.Code.Equals(code, StringComparison.Ordinal)).Select(f => f.Module).Distinct(StringComparer.Ordinal).ToList();
        if (modules.Count > 0)
        {
            writer.WriteStartArray(name);
            modules.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }
    }

    private static void WriteFault(Utf8JsonWriter writer, Fault fault)
    {
        writer.WriteStartObject();
        writer.WriteString("code"u8, fault.Code);
        writer.WriteString("pointer"u8, fault.Pointer);
        writer.WriteString("detail"u8, fault.Message);
        if (fault.Module is { } module)
        {
            writer.WriteString("module"u8, module);
        }

        if (fault.Scope is { } scope)
        {
            writer.WriteString("scope"u8, scope);
        }

        writer.WriteEndObject();
    }
}
