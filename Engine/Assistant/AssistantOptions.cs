using Microsoft.Extensions.Configuration;
using Vellarys.Assistant.Model.Chat;

namespace Vellarys.Assistant;

/// <summary>How the model is reached, and how much patience it is given. Section <c>Assistant</c>.</summary>
internal sealed class AssistantOptions
{
    public const string Section = "Assistant";

    private static readonly Uri OpenAiRoot = new("https://api.openai.com/v1");

    /// <summary>
    /// Whose API: <c>openai</c>, or <c>azure</c> for a resource of Azure OpenAI, in a host that has an adapter for it
    /// (Functions). Default: <c>azure</c> there with an <c>AZURE_OPENAI_ENDPOINT</c> that is a resource, else
    /// <c>openai</c>, which reaches Azure too, at the resource's <c>/openai/v1</c>.
    /// </summary>
    public ModelProvider? Provider { get; set; }

    /// <summary>
    /// The model's key; also read from <c>OPENAI_API_KEY</c>, or <c>AZURE_OPENAI_API_KEY</c> at Azure. Empty (the
    /// default): no model, the offline assistant answers.
    /// </summary>
    public string ApiKey { get; set; } = "";

    /// <summary>
    /// The API's root, up to and with its version; for <c>azure</c> the resource alone. Also read from
    /// <c>OPENAI_BASE_URL</c>, or <c>AZURE_OPENAI_ENDPOINT</c>. Default: OpenAI's own.
    /// </summary>
    public Uri BaseUrl { get; set; } = OpenAiRoot;

    /// <summary>
    /// Model or deployment name; also read from <c>OPENAI_MODEL</c>. Default <c>gpt-4o-mini</c>; none for <c>azure</c>.
    /// </summary>
    public string Model { get; set; } = "gpt-4o-mini";

    /// <summary>
    /// Version of Azure's API, as <c>2024-10-21</c>. Default: the newest that the package knows. Only for <c>azure</c>.
    /// </summary>
    public string? ApiVersion { get; set; }

    /// <summary>
    /// Tokens that an answer may have, its thoughts included (<c>max_completion_tokens</c>): an answer that would never
    /// end is cut off, asked for once more and not shown. Default 2,000; 0 leaves it to the model.
    /// </summary>
    public int MaxReplyTokens { get; set; } = 2_000;

    /// <summary>
    /// How freely the model words its answers, 0 to 2. Default 0.3. A model that refuses this setting, or the one
    /// above, is asked without it from then on.
    /// </summary>
    public double Temperature { get; set; } = 0.3;

    /// <summary>How long one call may take before it counts as failed. Default 30 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further calls after a failure that time may mend. Default 2; 0 to 5.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The first retry's mean delay; doubles each time, with jitter. Default 500 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest <c>Retry-After</c>, or wait for a share of the quota (section <c>Limits</c>), within a turn; beyond
    /// it the turn goes back to its queue with that delay, a minute at most. Where the deployment asks for two minutes,
    /// or has refused everything for two, the turn is answered offline. Default 5 s.
    /// </summary>
    public TimeSpan RetryAfterLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Failures within <see cref="BreakerWindow"/>, with no success among them and in three conversations or more, that
    /// open the circuit. What only one request causes (an unusable, cut or filtered answer, a 400) is none. Default 5.
    /// </summary>
    public int BreakerFailures { get; set; } = 5;

    /// <summary>
    /// How far back failures count. Default 150 s: as many hung calls as open the circuit fit in it one after another,
    /// so that a quiet installation notices too.
    /// </summary>
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(150);

    /// <summary>How long an open circuit rests before one probe is let through. Default 60 s.</summary>
    public TimeSpan BreakerRest { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Calls carry the host's own identity instead of a key (Azure OpenAI). Default false; true where there is an
    /// <c>AZURE_OPENAI_ENDPOINT</c> and no key, in a host that has an identity.
    /// </summary>
    public bool UseIdentity { get; set; }

    /// <summary>Whether there is a model to ask.</summary>
    public bool HasModel => ApiKey.Length > 0 || UseIdentity;

    /// <summary>What has a quota and a circuit of its own.</summary>
    internal string Deployment => $"{BaseUrl.Authority}/{Model}";

    /// <summary>Whether Azure's adapter is wanted.</summary>
    internal bool IsAzure => Provider == ModelProvider.Azure;

    /// <summary>Where it is reached.</summary>
    internal ModelEndpoint Endpoint => new(BaseUrl, Model, ApiKey, ApiVersion);

    // What is no address at all; the check of the settings says so.
    private static Uri Nowhere { get; } = new("/", UriKind.Relative);

    // An endpoint of Azure without a key is half a setting, not a wish to do without a model.
    private bool WantsModel { get; set; }

    /// <summary>The section, filled up from the variables that the providers' own tools use.</summary>
    internal static AssistantOptions From(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        AssistantOptions options = section.Get<AssistantOptions>() ?? new AssistantOptions();
        string? azure = Setting(configuration, "AZURE_OPENAI_ENDPOINT");
        bool atAzure = azure is not null || options.IsAzure;
        string? key = Setting(configuration, atAzure ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY");
        string? url = azure is null ? options.IsAzure ? null : Setting(configuration, "OPENAI_BASE_URL")
            : options.IsAzure ? azure : AzureEndpoint.V1(azure);
        if (section[nameof(ApiKey)] is null && key is not null) options.ApiKey = key;
        if (section[nameof(BaseUrl)] is null && url is not null)
            options.BaseUrl = Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address : Nowhere;
        if (section[nameof(Model)] is null)
            options.Model = Setting(configuration, "OPENAI_MODEL") ?? (options.IsAzure ? "" : options.Model);
        options.WantsModel = azure is not null || options.Provider is not null;
        return options;
    }

    /// <summary>What is wrong with the settings, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https"))
            yield return $"{nameof(BaseUrl)} must be an http(s) address";
        else if (Place() is { } misplaced)
            yield return misplaced;
        if (Provider is { } provider && !Enum.IsDefined(provider))
            yield return $"{nameof(Provider)} must be openai or azure";
        if (Model.Length == 0) yield return $"{nameof(Model)} (or OPENAI_MODEL) must be given";
        if (ApiVersion is { Length: > 0 } && !IsAzure)
            yield return $"{nameof(ApiVersion)} is for {nameof(Provider)} azure only";
        if (ApiKey.Length > 0 && UseIdentity)
            yield return $"{nameof(UseIdentity)} and a key ({nameof(ApiKey)}) exclude each other";
        if (WantsModel && !HasModel)
        {
            string azures = IsAzure || AzureEndpoint.IsAzures(BaseUrl) ? "AZURE_" : "";
            yield return $"{nameof(ApiKey)} (or {azures}OPENAI_API_KEY) "
                + $"must be given, or {nameof(UseIdentity)} set in a host that has an identity";
        }

        if (MaxReplyTokens is < 0 or > 100_000) yield return $"{nameof(MaxReplyTokens)} must be 0 to 100000";
        if (Temperature is not (>= 0 and <= 2)) yield return $"{nameof(Temperature)} must be 0 to 2";
        if (AttemptTimeout < TimeSpan.FromMilliseconds(10))
            yield return $"{nameof(AttemptTimeout)} must be 10 ms or more";
        if (Retries is < 0 or > 5) yield return $"{nameof(Retries)} must be 0 to 5";
        if (RetryDelay < TimeSpan.Zero) yield return $"{nameof(RetryDelay)} must not be negative";
        if (RetryAfterLimit < TimeSpan.Zero) yield return $"{nameof(RetryAfterLimit)} must not be negative";
        if (BreakerFailures < 2) yield return $"{nameof(BreakerFailures)} must be 2 or more";
        if (BreakerWindow < TimeSpan.FromSeconds(1)) yield return $"{nameof(BreakerWindow)} must be 1 s or more";
        if (BreakerRest < TimeSpan.FromSeconds(1)) yield return $"{nameof(BreakerRest)} must be 1 s or more";
    }

    // The other provider's address would be answered 404, and the assistant be offline for ever.
    private string? Place()
    {
        string path = BaseUrl.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase))
            return $"{nameof(BaseUrl)} must end before /chat/completions";
        if (IsAzure && BaseUrl == OpenAiRoot)
            return $"{nameof(BaseUrl)} (or AZURE_OPENAI_ENDPOINT) must name the resource for {nameof(Provider)} azure";
        if (IsAzure && AzureEndpoint.IsWithin(path))
            return $"{nameof(BaseUrl)} must be the resource without /openai for {nameof(Provider)} azure";
        bool isOnlyV1 = string.Equals(path, "/openai/v1", StringComparison.OrdinalIgnoreCase);
        return !IsAzure && AzureEndpoint.IsAzures(BaseUrl) && !isOnlyV1
            ? $"{nameof(BaseUrl)} is a resource of Azure: end it with /openai/v1, or set {nameof(Provider)} to azure"
            : null;
    }

    private static string? Setting(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } value ? value : null;
}
