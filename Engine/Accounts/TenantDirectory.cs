using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Storage.Directories;

namespace Vellarys.Accounts;

/// <summary>
/// Tenants from memory. A suspended tenant is found, so that nothing of its customers is lost, but not listed.
/// </summary>
internal sealed class TenantDirectory : ITenantDirectory, IRefreshed
{
    private readonly DirectoryCache<TenantId, Row> _cache;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger<TenantDirectory> _logger;
    private readonly ConcurrentDictionary<TenantId, HoursFault> _badHours = new();
    private readonly ConcurrentDictionary<TenantId, string> _badSettings = new();

    public TenantDirectory(NpgsqlDataSource database, TimeProvider time, ILogger<TenantDirectory> logger)
    {
        (_database, _logger) = (database, logger);
        _cache = new DirectoryCache<TenantId, Row>(LoadAsync, row => [row.Tenant.Id], time);
    }

    public string Table => "tenants";

    public async ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellationToken) =>
        (await _cache.FindAsync(id, cancellationToken))?.Tenant;

    public async ValueTask<IReadOnlyList<Tenant>> AllAsync(CancellationToken cancellationToken) =>
        [.. (await _cache.AllAsync(cancellationToken)).Where(row => row.IsActive).Select(row => row.Tenant)];

    public async ValueTask<IReadOnlyList<TenantId>> EveryIdAsync(CancellationToken cancellationToken) =>
        [.. (await _cache.AllAsync(cancellationToken)).Select(row => row.Tenant.Id)];

    public void Invalidate() => _cache.Invalidate();

    public Task RefreshAsync() => _cache.RefreshAsync();

    private async Task<IReadOnlyList<Row>> LoadAsync(IReadOnlyList<TenantId>? ids, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select id, name, locale, time_zone, settings::text, status = 'active', plan_reached, plan_full_since
            from tenants
            where $1::uuid[] is null or id = any ($1)
            order by id
            """).With(ids?.Select(id => id.Value).ToArray()));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new TenantId(reader.GetGuid(0));
            string timeZone = reader.GetString(3);
            TenantSettings settings = WithSoundHours(id, timeZone, Settings(id, reader.GetString(4)));
            rows.Add(new Row(
                new Tenant(id, reader.GetString(1), reader.GetString(2), timeZone, settings) { Limit = Limit(reader) },
                reader.GetBoolean(5)));
        }

        return rows;
    }

    private static PlanLimit? Limit(NpgsqlDataReader reader) =>
        reader.GetFieldValue<string[]>(6) is { Length: > 0 } reached
            ? new PlanLimit(reached, reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7))
            : null;

    /// <summary>One tenant's mistake must not keep the others from being read. Said once.</summary>
    private TenantSettings Settings(TenantId id, string json)
    {
        (TenantSettings settings, string? fault) = StoredSettings.Read(json);
        if (fault is null) _badSettings.TryRemove(id, out _);
        else if (!_badSettings.TryGetValue(id, out string? said) || said != fault)
        {
            _badSettings[id] = fault;
            Log.BadSettings(_logger, id, fault);
        }

        return settings;
    }

    /// <summary>Hours that nobody can keep are no hours. Said once, not with every refresh.</summary>
    private TenantSettings WithSoundHours(TenantId id, string timeZone, TenantSettings settings)
    {
        HoursFault? fault = settings.Hours?.Fault();
        if (settings.Hours is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _))
            fault ??= new HoursFault("timeZone", "is unknown");
        if (fault is null)
        {
            _badHours.TryRemove(id, out _);
            return settings;
        }

        if (!_badHours.TryGetValue(id, out HoursFault? said) || said != fault)
        {
            _badHours[id] = fault;
            Log.BadHours(_logger, id, fault.Field, fault.Reason);
        }

        return settings with { Hours = null };
    }

    private sealed record Row(Tenant Tenant, bool IsActive);
}
