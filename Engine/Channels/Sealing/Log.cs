using Microsoft.Extensions.Logging;

namespace Vellarys.Channels.Sealing;

internal static partial class Log
{
    [LoggerMessage(1230, LogLevel.Information,
        "Tenant {Tenant}: the stored secrets of {Count} channels were sealed anew")]
    public static partial void SecretsSealed(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(1231, LogLevel.Warning,
        "There is no master key (Encryption:KeyFile or Encryption:Keys): channels' secrets, signing keys and "
        + "authenticators are stored in plain, and the API takes no channel's secret. See docs/secrets.md")]
    public static partial void NoMasterKey(ILogger logger);

    [LoggerMessage(1232, LogLevel.Information, "{Count} stored secrets of no channel were sealed anew")]
    public static partial void OtherSecretsSealed(ILogger logger, int count);
}
