using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Learning;

/// <summary>What learning from closed conversations may cost. Section <c>Learning</c>.</summary>
internal sealed class LearningOptions
{
    public const string Section = "Learning";

    /// <summary>
    /// Whether the job looks for something to learn from. Default false: this release has nothing that learns, and
    /// switched on the job says so.
    /// </summary>
    public bool IsOn { get; set; }

    /// <summary>
    /// Tokens of the model that learning may use in a day, over all tenants; apart from <c>Limits</c>, so that it never
    /// competes with customers. 0: none. Default 200,000.
    /// </summary>
    public int TokensPerDay { get; set; } = 200_000;

    /// <exception cref="OptionsValidationException">The budget is none.</exception>
    public static LearningOptions Read(IConfiguration configuration)
    {
        LearningOptions options = configuration.GetSection(Section).Get<LearningOptions>() ?? new();
        return options.TokensPerDay is >= 0 and <= 1_000_000_000
            ? options
            : throw new OptionsValidationException(
                Section, typeof(LearningOptions), [$"{Section}:{nameof(TokensPerDay)} must be 0 to 1,000,000,000"]);
    }
}
