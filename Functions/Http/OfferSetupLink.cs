using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts.Sessions;
using Vellarys.Http;

namespace Vellarys.Functions.Http;

/// <summary>
/// The way in while nobody has an account, in the log, as the other host prints it. Each start without a user gives
/// another; the first that is used takes all of them with it.
/// </summary>
public sealed class OfferSetupLink(
    SetupLink link, ApiOptions api, IConfiguration configuration, ILogger<OfferSetupLink> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await link.MakeAsync(stoppingToken) is { } token) logger.SetupLink($"{Home()}/setup?token={token}");
        }
        catch (NpgsqlException e)
        {
            // Not migrated yet, or away: the next start says it.
            logger.SetupLinkUnknown((e as PostgresException)?.SqlState ?? "no_connection");
        }
    }

    private string Home() => api.PublicUrl.Length > 0 ? api.PublicUrl.TrimEnd('/')
        : configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host
            ? (host.StartsWith("localhost", StringComparison.Ordinal) ? "http://" : "https://") + host
            : "http://localhost:7071";
}
