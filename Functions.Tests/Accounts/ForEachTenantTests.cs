using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Xunit;

namespace Vellarys.Tests.Accounts;

public sealed class ForEachTenantTests
{
    private readonly TenantId[] _tenants =
        [.. Enumerable.Range(0, 6).Select(_ => new TenantId(Ids.New(TimeProvider.System)))];

    private readonly List<TenantId> _worked = [];

    [Fact]
    public async Task Run_OneTenantFails_TheOthersHaveTheirTurnAndTheRunFails()
    {
        var failure = new PermanentFault("storage_22021", "the database refused a value");

        PermanentFault thrown = await Assert.ThrowsAsync<PermanentFault>(() => RunAsync(
            tenant => tenant == _tenants[1] ? failure : tenant == _tenants[2] ? new FormatException() : null));

        Assert.Same(failure, thrown);
        Assert.Equal(_tenants, _worked);
    }

    [Fact]
    public async Task Run_DatabaseIsAway_DoesNotWaitForItOnceATenant()
    {
        await Assert.ThrowsAsync<NpgsqlException>(() => RunAsync(_ => new NpgsqlException("gone")));

        Assert.Equal(_tenants[..3], _worked);
    }

    [Fact]
    public async Task Run_OutagesBetweenSuccesses_GoesOn()
    {
        await Assert.ThrowsAsync<NpgsqlException>(() => RunAsync(
            tenant => Array.IndexOf(_tenants, tenant) % 2 == 0 ? new NpgsqlException("gone") : null));

        Assert.Equal(_tenants, _worked);
    }

    [Fact]
    public async Task Run_HostStops_EndsAtOnce()
    {
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            _ =>
            {
                stop.Cancel();
                return new OperationCanceledException(stop.Token);
            },
            stop.Token));

        Assert.Equal(_tenants[..1], _worked);
    }

    private Task RunAsync(Func<TenantId, Exception?> failureOf, CancellationToken stop = default) =>
        ForEachTenant.RunAsync(
            _tenants, NullLogger.Instance,
            tenant =>
            {
                _worked.Add(tenant);
                return failureOf(tenant) is { } failure ? Task.FromException(failure) : Task.CompletedTask;
            },
            stop);
}
