using Microsoft.Extensions.Logging;

namespace Vellarys.Channels.Sealing;

internal static partial class Log
{
    [LoggerMessage(1230, LogLevel.Information,
        "Tenant {Tenant}: the stored secrets of {Count} channels were sealed anew")]
    public static partial void SecretsSealed(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(1231, LogLevel.Warning,
        "There is no master key (Encryption:KeyFile or Encryption:Keys): channels' secrets are stored in plain, and "
        + "the API takes none. See docs/secrets.md")]
    public static partial void NoMasterKey(ILogger logger);

    [LoggerMessage(1232, LogLevel.Information, "Tenant {Tenant}: {Count} rows of other secrets were sealed anew")]
    public static partial void OthersSealed(ILogger logger, TenantId tenant, int count);
}
