using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Database.Pool;

/// <summary>The pool of this instance now. Asks neither the pool nor the database for anything.</summary>
internal sealed class ReadPool(PoolUsage usage, StorageOptions options, TimeProvider time)
{
    public PoolReport Run()
    {
        NpgsqlConnectionStringBuilder pool = usage.Settings;
        return PoolReport.Of(
            new PoolConfiguration(
                pool.MaxPoolSize - options.MaxOverflow, options.MaxOverflow, pool.Timeout, pool.ConnectionLifetime),
            usage.CheckedOut(),
            time.GetUtcNow());
    }
}
