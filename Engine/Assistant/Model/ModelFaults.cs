using Polly.Timeout;

namespace Vellarys.Assistant.Model;

/// <summary>
/// What a failed call says, and of whom: of the deployment, which all share, or of this one request.
/// </summary>
internal static class ModelFaults
{
    /// <summary>No JSON where there should be some, or no message in it.</summary>
    public const string Unreadable = "model_unreadable";

    /// <summary>Nothing to say.</summary>
    public const string Empty = "model_empty";

    /// <summary>The answer ends where its length did.</summary>
    public const string Cut = "model_cut";

    /// <summary>The provider's content filter.</summary>
    public const string Filtered = "model_content_filter";

    /// <summary>Nothing of that name, or nothing that answers.</summary>
    public const string NoDeployment = "model_no_deployment";

    /// <param name="what">Whether the question, or the answer.</param>
    /// <param name="categories">As the filter calls them; empty where it does not say.</param>
    public static PermanentFault Withheld(string what, string categories) => new(
        Filtered, $"The provider's filter withheld the {what}{(categories.Length > 0 ? ": " : "")}{categories}.");

    public static TransientFault Unusable(string code, string message) => new(code, message);

    /// <summary>
    /// It answered, and the answer cannot be used: asked otherwise it may be. No sign of an outage.
    /// </summary>
    public static bool IsUnusable(Exception? fault) => fault is TransientFault { Code: Unreadable or Empty or Cut };

    /// <summary>
    /// It did not answer, or would answer nobody: time-outs, lost connections, 5xx, and what is wrong with the settings
    /// (a wrong key or model name, an unpaid bill). A 429 has its own rules, see <see cref="QuotaExhaustion"/>.
    /// </summary>
    public static bool IsOutage(Exception? fault) => fault switch
    {
        TransientFault { Code: ModelCalls.Busy or ModelQuota.Code } => false,
        TransientFault => !IsUnusable(fault),
        TimeoutRejectedException => true,
        PermanentFault { Code: "model_401" or "model_403" or "model_404" or "model_unpaid" or NoDeployment } => true,
        _ => false,
    };
}
