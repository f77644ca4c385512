using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Keys;
using Vellarys.Accounts.Oidc;
using Vellarys.Accounts.Profiles;
using Vellarys.Accounts.Reach;
using Vellarys.Accounts.Sessions;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Accounts.Users;

/// <summary>Registers who signs in, and with what.</summary>
internal static class UsersSetup
{
    public static IServiceCollection AddUsers(this IServiceCollection services, IConfiguration configuration)
    {
        AccountOptions options = configuration.GetSection(AccountOptions.Section).Get<AccountOptions>() ?? new();
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0)
            throw new OptionsValidationException(AccountOptions.Section, typeof(AccountOptions), faults);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TenantReader>();
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton<CallerAddress>();
        services.AddSingleton<AccountSecrets>();
        services.AddSingleton<ISealedSecrets, SealAccountSecrets>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<SignedTokens>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ReadCaller>();
        services.AddSingleton<MyAgent>();
        services.AddSingleton<RecordAccountEvent>();
        services.AddSingleton<RecordPlatformEvent>();
        services.AddSingleton<AllowedNetworks>();
        services.AddSingleton<SupportGrants>();
        services.AddSingleton<ListAccountEvents>();
        services.TryAddSingleton(_ => new Passwords());
        services.AddSingleton<AccountMetrics>();
        services.AddSingleton<TakeAttempt>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<UserTenants>();
        services.AddSingleton<IssueTokens>();
        services.AddSingleton<FindAccount>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<StorePassword>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<SetupLink>();
        services.AddSingleton<MakeFirstAdmin>();
        services.AddSingleton<ListUsers>();
        services.AddSingleton<CreateUser>();
        services.AddSingleton<ChangeUser>();
        services.AddSingleton<IsSolelyOurs>();
        services.AddSingleton<ReadProfiles>();
        services.AddSingleton<SaveProfile>();
        services.AddSingleton<ApiKeys>();
        return services.AddOidc(configuration);
    }
}
