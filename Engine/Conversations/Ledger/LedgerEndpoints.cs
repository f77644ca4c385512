using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Conversations.Ledger;

/// <summary>What became of the messages that were accepted.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/custody", BalanceAsync).Needs(Permissions.ReadReports, "custody.balance")
            .Asks("since").Gives(typeof(LedgerReport));
        // Providers' ids may hold slashes.
        routes.MapGet("/custody/{**providerMessageId}", FindAsync).Needs(Permissions.ReadReports, "custody.find")
            .Gives(typeof(MessageAccount));
    }

    private static async Task<IResult> BalanceAsync(
        HttpContext context, MessageLedger balance, InboundDedupeOptions receipts, TimeProvider time)
    {
        var query = new QueryInput(context.Request);
        DateTimeOffset since = query.Time("since") ?? time.GetUtcNow().AddDays(-1);
        if (query.Problem is { } problem) return problem;
        LedgerReport report = await balance.RunAsync(context.Tenant(), since, context.RequestAborted);
        return TypedResults.Ok(report with { KeptSince = time.GetUtcNow() - receipts.Keep });
    }

    private static async Task<IResult> FindAsync(string providerMessageId, HttpContext context, FindMessage find)
    {
        string id = providerMessageId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (TextInput.Fault(id, 512) is { } fault) return Problems.Invalid(nameof(providerMessageId), fault);
        return await find.RunAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound("message_not_found", "No message with this id was received.");
    }
}
