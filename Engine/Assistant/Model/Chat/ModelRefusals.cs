using System.ClientModel.Primitives;
using System.Globalization;

namespace Vellarys.Assistant.Model.Chat;

/// <summary>What a status other than success means, whoever the provider.</summary>
internal static class ModelRefusals
{
    /// <summary>What to throw.</summary>
    public static Exception Of(PipelineResponse response, ModelError error, DateTimeOffset now)
    {
        int status = response.Status;
        if (error.IsFilter) return ModelFaults.Withheld("question", error.Filters);
        // No credit left: waiting does not bring it back.
        if (status == 429 && error.Body.Contains("insufficient_quota", StringComparison.Ordinal))
            return new PermanentFault("model_unpaid", "The model's account has no credit.");
        // Azure: no such deployment, or one that makes embeddings. OpenAI: no such model.
        if (error.Code is "DeploymentNotFound" or "OperationNotSupported" or "model_not_found")
            return new PermanentFault(ModelFaults.NoDeployment, "The provider has no such model or deployment.");
        string code = string.Create(CultureInfo.InvariantCulture, $"model_{status}");
        string message = string.Create(CultureInfo.InvariantCulture, $"The model answered {status}.");
        return status is 408 or 409 or 429 or >= 500
            ? new TransientFault(code, message) { RetryAfter = RetryAfter(response.Headers, now) }
            : new PermanentFault(code, message);
    }

    private static TimeSpan? RetryAfter(PipelineResponseHeaders headers, DateTimeOffset now)
    {
        if ((Seconds(headers, "retry-after-ms") ?? Seconds(headers, "x-ms-retry-after-ms")) is { } milliseconds)
            return milliseconds / 1_000;
        if (Seconds(headers, "Retry-After") is { } seconds) return seconds;
        if (!headers.TryGetValue("Retry-After", out string? text) || !DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)) return null;
        TimeSpan wait = at - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static TimeSpan? Seconds(PipelineResponseHeaders headers, string name) =>
        headers.TryGetValue(name, out string? text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && value is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(value)
            : null;
}
