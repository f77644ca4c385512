using Microsoft.AspNetCore.Http;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>
/// A fourth company and those after it are taken only while nothing is red, or with a reason, which stays on record
/// with the company.
/// </summary>
internal sealed class AdmitTenant(TenantStore tenants, IGrowthGate gate, RecordAccountEvent record)
{
    public const int MaxReason = 500;

    /// <summary>So many come in whatever is red.</summary>
    private const int Free = 3;

    private const string Overridden = "tenant.override";

    /// <summary>Null when it may come.</summary>
    /// <param name="reason">Why it is to come all the same; null for none.</param>
    public async Task<IResult?> RefusalAsync(string? reason, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Check, string Action)> reds = await RedsAsync(cancellationToken);
        if (reds.Count == 0 || reason is not null) return null;
        return Problems.Of(
            StatusCodes.Status409Conflict, "not_ready_to_grow",
            "Mend this first, or say in override why it is to be all the same: "
            + string.Join(", ", reds.Select(r => r.Check)) + ".",
            [.. reds.Select(r => new FieldFault(r.Check, r.Action))]);
    }

    /// <summary>Once it is there: the reason that it is there for although something was red.</summary>
    public async Task NoteAsync(TenantId tenant, string? reason, Caller by, CancellationToken cancellationToken)
    {
        if (reason is null) return;
        await record.RunAsync(tenant, Overridden, by, subject: null, cancellationToken, reason.Trim());
    }

    private async Task<IReadOnlyList<(string Check, string Action)>> RedsAsync(CancellationToken cancellationToken)
    {
        int present = (await tenants.ListAsync(null, null, Free, cancellationToken)).Count;
        return present < Free ? [] : await gate.RedsAsync(cancellationToken);
    }
}
