using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Vellarys.Storage.Schema;

namespace Vellarys.Storage;

public static class StorageSetup
{
    /// <summary>
    /// The product's <see cref="NpgsqlDataSource"/>, the <see cref="ListenSource"/> and the <see cref="Migrator"/>.
    /// Before anything else starts, the host migrates and checks the role that it runs as.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>()
            .Bind(configuration.GetSection(StorageOptions.Section))
            .Configure(options =>
            {
                options.Url = configuration["DATABASE_URL"] ?? options.Url;
                options.AppUrl = configuration["DATABASE_APP_URL"] ?? options.AppUrl;
                options.AppIdentity = configuration["DATABASE_APP_IDENTITY"] ?? options.AppIdentity;
                options.PgBouncerUrl = configuration["PGBOUNCER_URL"] ?? options.PgBouncerUrl;
                options.PoolSize = configuration.GetValue("DB_POOL_SIZE", options.PoolSize);
                options.MaxOverflow = configuration.GetValue("DB_MAX_OVERFLOW", options.MaxOverflow);
                options.MinPoolSize = configuration.GetValue("DB_POOL_MIN", options.MinPoolSize);
                if (configuration.GetValue<int?>("DB_POOL_TIMEOUT") is { } seconds)
                    options.OpenTimeout = TimeSpan.FromSeconds(seconds);
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Migrator(
            provider.GetRequiredService<StorageOptions>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Migrator>>(), provider.GetService<IDatabaseTokens>()));
        services.AddSingleton(provider => AppSource(
            provider.GetRequiredService<StorageOptions>(), provider.GetService<ILoggerFactory>(),
            provider.GetService<IDatabaseTokens>()));
        services.AddSingleton(provider => Listening(
            provider.GetRequiredService<StorageOptions>(), provider.GetService<IDatabaseTokens>()));
        services.AddHostedService<StorageStart>();
        return services;
    }

    internal static NpgsqlDataSource AppSource(
        StorageOptions options, ILoggerFactory? loggers, IDatabaseTokens? tokens = null)
    {
        NpgsqlSlimDataSourceBuilder builder = Builder(Connections.App(options), tokens);
        if (loggers is not null) builder.UseLoggerFactory(new SlowQueryLogging(loggers, options.SlowQuery));
        return builder.Build();
    }

    /// <summary>For the migrator, who on Azure has a token instead of a password too.</summary>
    internal static NpgsqlDataSource OwnerSource(StorageOptions options, IDatabaseTokens? tokens) =>
        Builder(Connections.Owner(options), tokens).Build();

    internal static ListenSource Listening(StorageOptions options, IDatabaseTokens? tokens = null) =>
        new(Builder(Connections.Listen(options), tokens).Build());

    private static NpgsqlSlimDataSourceBuilder Builder(
        NpgsqlConnectionStringBuilder connection, IDatabaseTokens? tokens)
    {
        // A password in the address wins: a local run beside a signed-in developer.
        bool wantsToken = tokens is not null && string.IsNullOrEmpty(connection.Password);
        NpgsqlSlimDataSourceBuilder builder = new(connection.ConnectionString);
        builder.EnableArrays().EnableJsonTypes().EnableTransportSecurity();
        if (wantsToken)
        {
            builder.UsePasswordProvider(
                _ => tokens!.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult(),
                (_, cancellationToken) => tokens!.GetAsync(cancellationToken));
        }

        return builder;
    }
}
