using Microsoft.Extensions.Options;
using Npgsql;
using Vellarys.Storage.Schema;

namespace Vellarys.Storage;

/// <summary>Names every mistake at once. Says nothing of the addresses themselves: they hold passwords.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    private const int LeastPool = 2;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // The driver takes no more than 1,024 seconds.
    private static readonly TimeSpan LongestOpen = TimeSpan.FromMinutes(17);

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        string[] errors = [.. Errors(options)];
        return errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Errors(StorageOptions options)
    {
        if (options.MigrateAtStart || options.Url.Length > 0 || options.AppUrl.Length == 0)
            foreach (string error in AddressErrors("Url (DATABASE_URL)", options.Url)) yield return error;
        if (options.AppUrl.Length > 0)
            foreach (string error in AddressErrors("AppUrl (DATABASE_APP_URL)", options.AppUrl)) yield return error;
        if (options.PgBouncerUrl.Length > 0)
            foreach (string error in AddressErrors("PgBouncerUrl (PGBOUNCER_URL)", options.PgBouncerUrl))
                yield return error;
        if (options.AppUrl.Length > 0 && UserOf(options.AppUrl) is { } user && user != AppRole.Name)
            yield return $"AppUrl (DATABASE_APP_URL) must log in as {AppRole.Name}, not as {user}.";
        if (options.AppIdentity.Length > 0 && !Guid.TryParseExact(options.AppIdentity, "D", out _))
            yield return "AppIdentity (DATABASE_APP_IDENTITY) must be the object id of an identity.";
        if (options.Instances < 1) yield return "Instances must be at least 1.";
        else if (options.Share < LeastPool)
            yield return $"ConnectionBudget of {options.ConnectionBudget} is too small for {options.Instances} "
                + $"instances: each needs {LeastPool + ListenSource.Connections}.";
        else
            foreach (string error in PoolErrors(options)) yield return error;
        if (options.OpenTimeout < TimeSpan.FromSeconds(1) || options.OpenTimeout > LongestOpen)
            yield return $"OpenTimeout (DB_POOL_TIMEOUT, in seconds) must be 1 second to {LongestOpen}.";
        (string, TimeSpan)[] times =
        [
            (nameof(options.StatementTimeout), options.StatementTimeout),
            (nameof(options.LockTimeout), options.LockTimeout),
            (nameof(options.IdleInTransactionTimeout), options.IdleInTransactionTimeout),
            (nameof(options.SlowQuery), options.SlowQuery),
        ];
        foreach ((string time, TimeSpan value) in times)
        {
            if (value <= TimeSpan.Zero) yield return $"{time} must be positive.";
            else if (value > Longest) yield return $"{time} must be at most {Longest}: a number alone means days.";
        }
    }

    private static IEnumerable<string> PoolErrors(StorageOptions options)
    {
        const string Size = "PoolSize (DB_POOL_SIZE)", Overflow = "MaxOverflow (DB_MAX_OVERFLOW)";
        if (options.PoolSize < LeastPool) yield return $"{Size} must be at least {LeastPool}.";
        if (options.MaxOverflow < 0) yield return $"{Overflow} must not be negative.";
        else if (options.MaxOverflow > 0 && options.PoolSize is null) yield return $"{Overflow} goes with {Size}.";
        else if (options.Capacity > options.Share)
            yield return $"{Size} of {options.PoolSize} and {Overflow} of {options.MaxOverflow} are more than an "
                + $"instance may have: the ConnectionBudget of {options.ConnectionBudget} is {options.Share} for each "
                + $"of {options.Instances}, beside the {ListenSource.Connections} that listen. "
                + "Lower them or raise Database__ConnectionBudget.";
        int size = options.PoolSize ?? options.Share;
        if (options.MinPoolSize < 0 || options.MinPoolSize > size)
            yield return $"MinPoolSize (DB_POOL_MIN) must lie between 0 and {size}, the size of the pool.";
    }

    private static IEnumerable<string> AddressErrors(string option, string address)
    {
        if (address.Length == 0) yield return $"{option} is not set.";
        else if (DatabaseUrl.ErrorOf(address) is { } error) yield return $"{option}: {error}";
    }

    private static string? UserOf(string address) =>
        DatabaseUrl.ErrorOf(address) is null ? DatabaseUrl.Parse(address).Username ?? "nobody" : null;
}
