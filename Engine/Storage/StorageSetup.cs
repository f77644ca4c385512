using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

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
                options.PgBouncerUrl = configuration["PGBOUNCER_URL"] ?? options.PgBouncerUrl;
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Migrator>();
        services.AddSingleton(provider => AppSource(
            provider.GetRequiredService<StorageOptions>(), provider.GetService<ILoggerFactory>()));
        services.AddSingleton(provider => Listening(provider.GetRequiredService<StorageOptions>()));
        services.AddHostedService<StorageStart>();
        return services;
    }

    internal static NpgsqlDataSource AppSource(StorageOptions options, ILoggerFactory? loggers)
    {
        NpgsqlSlimDataSourceBuilder builder = Builder(Connections.App(options));
        if (loggers is not null) builder.UseLoggerFactory(new SlowQueryLogging(loggers, options.SlowQuery));
        return builder.Build();
    }

    internal static ListenSource Listening(StorageOptions options) => new(Builder(Connections.Listen(options)).Build());

    private static NpgsqlSlimDataSourceBuilder Builder(NpgsqlConnectionStringBuilder connection)
    {
        NpgsqlSlimDataSourceBuilder builder = new(connection.ConnectionString);
        builder.EnableArrays().EnableJsonTypes().EnableTransportSecurity();
        return builder;
    }
}
