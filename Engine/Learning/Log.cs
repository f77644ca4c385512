using Microsoft.Extensions.Logging;

namespace Vellarys.Learning;

internal static partial class Log
{
    [LoggerMessage(2300, LogLevel.Information,
        "Nothing to learn from yet: this release has no learning; the day's {Tokens} tokens are not touched")]
    public static partial void NothingToLearnFrom(this ILogger logger, int tokens);
}
