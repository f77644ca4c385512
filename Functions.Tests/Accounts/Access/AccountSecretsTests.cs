using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using OtpNet;
using Vellarys.Accounts.Access;
using Vellarys.Channels.Sealing;
using Vellarys.Jobs;
using Vellarys.Secrets;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Storage;
using Xunit;

namespace Vellarys.Tests.Accounts.Access;

/// <summary>What signs tokens and what authenticators share, as they lie in the database.</summary>
public sealed class AccountSecretsTests
{
    private readonly StandingClock _clock = new();

    [Fact]
    public async Task Secrets_WithAMasterKey_AreInNoDump_AndOpenAfterItChanged()
    {
        await using AccountHost host = await StartAsync(Rings.Settings("k1", "k2"));
        (string token, Totp totp, _) = await EnrolledAsync(host);
        string dump = await SchemaDump.RowsAsync(host.Api.Database);
        Assert.Equal(2, dump.Split("enc:v1:k2:").Length - 1);

        // As an instance left them that sealed with the key before.
        SealAccountSecrets before = new(host.Api.Database.App, Rings.Box("k2", "k1"));
        Assert.Equal(2, await before.RenewAsync(default));
        Assert.Equal(2, (await FiguresAsync(host)).GetProperty("ofOlderKeys").GetInt32());
        await SealAsync(host);

        JsonElement figures = await FiguresAsync(host);
        Assert.Equal(0, figures.GetProperty("inPlain").GetInt32());
        Assert.Equal(0, figures.GetProperty("ofOlderKeys").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(host, token)).Status);
        Assert.NotNull(await Keys(host, Rings.Box("k2")).FindAsync(new JsonWebToken(token).Kid, default));
        await host.SignInAsync("ana", code: totp.ComputeTotp(_clock.GetUtcNow().UtcDateTime));
    }

    [Fact]
    public async Task Secrets_WithoutAMasterKey_WorkInPlain_AndAreSealedOnceThereIsOne()
    {
        await using AccountHost host = await StartAsync([]);
        (string token, Totp totp, _) = await EnrolledAsync(host);
        JsonElement figures = await FiguresAsync(host);
        Assert.Equal(2, figures.GetProperty("inPlain").GetInt32());
        await host.SignInAsync("ana", code: totp.ComputeTotp(_clock.GetUtcNow().UtcDateTime));

        // The next start has a key.
        SecretBox box = Rings.Box("k1");
        Assert.Equal(2, await new SealAccountSecrets(host.Api.Database.App, box).RenewAsync(default));
        Assert.NotNull(await Keys(host, box).FindAsync(new JsonWebToken(token).Kid, default));
        string stored = await StoredTotpAsync(host);
        Assert.StartsWith("enc:v1:k1:", stored, StringComparison.Ordinal);
        Guid ana = await host.Api.Rows.ScalarAsync<Guid>("select id from users");
        Assert.NotNull(new AccountSecrets(box).OpenTotp(ana, stored, out _));
        // Nobody else's, wherever it is copied to.
        Assert.Null(new AccountSecrets(box).OpenTotp(Ids.New(_clock), stored, out string? fault));
        Assert.Equal(SecretFaults.NotAuthentic, fault);
    }

    [Fact]
    public async Task MasterKey_ThatIsLost_KeepsNobodyFromSigningIn()
    {
        await using AccountHost host = await StartAsync(Rings.Settings("k1"));
        (_, Totp totp, string recovery) = await EnrolledAsync(host);
        Guid lost = await host.Api.Rows.ScalarAsync<Guid>("select kid from signing_keys");
        Assert.Equal(2, await new SealAccountSecrets(host.Api.Database.App, Rings.Box("k1", "gone"))
            .RenewAsync(default));

        // As after a start with another key: this host has the old one in mind for a minute.
        SigningKeys restarted = Keys(host, Rings.Box("k1"));
        Assert.Null(await restarted.FindAsync(lost.ToString("N"), default));
        SigningKey next = await restarted.CurrentAsync(default);
        Assert.NotEqual(lost, next.Id);
        // One more, and not one for each that asks.
        Assert.Equal(next.Id, (await Keys(host, Rings.Box("k1")).CurrentAsync(default)).Id);
        Assert.Equal(2L, await host.Api.Rows.ScalarAsync<long>("select count(*) from signing_keys"));

        string code = totp.ComputeTotp(_clock.GetUtcNow().UtcDateTime);
        Answer refused = await host.SendAsync(
            HttpMethod.Post, "/auth/sign-in", new { login = "ana", password = AccountHost.Password, code });
        Assert.Equal("code_invalid", refused.Code);
        await host.SignInAsync("ana", code: recovery);
    }

    private Task<AccountHost> StartAsync(Dictionary<string, string?> settings) =>
        AccountHost.StartAsync(settings, services: more => more.AddSingleton<TimeProvider>(_clock));

    private async Task<(string Token, Totp Totp, string Recovery)> EnrolledAsync(AccountHost host)
    {
        await host.AddUserAsync(await host.Api.Rows.TenantAsync(), "ana");
        string token = (await host.SignInAsync("ana")).Token;
        Answer offer = await host.SendAsync(HttpMethod.Post, "/auth/totp", bearer: token);
        Totp totp = new(Base32Encoding.ToBytes(offer.Body.GetProperty("secret").GetString()));
        // The code before leaves this one for what follows.
        string code = totp.ComputeTotp(_clock.GetUtcNow().UtcDateTime.AddSeconds(-30));
        Answer confirmed = await host.SendAsync(
            HttpMethod.Post, "/auth/totp/confirm", new { code, password = AccountHost.Password }, token);
        return (token, totp, confirmed.Body.GetProperty("recoveryCodes")[0].GetString()!);
    }

    private static SigningKeys Keys(AccountHost host, SecretBox box) => new(
        host.Api.Database.App, new AccountSecrets(box), TimeProvider.System, NullLogger<SigningKeys>.Instance);

    private static Task SealAsync(AccountHost host) =>
        host.Api.Services.GetServices<IJob>().Single(j => j is SealSecrets).RunAsync(default);

    private static Task<string> StoredTotpAsync(AccountHost host) =>
        host.Api.Rows.ScalarAsync<string>("select totp_secret from users");

    private static Task<Answer> MeAsync(AccountHost host, string token) =>
        host.SendAsync(HttpMethod.Get, "/auth/me", bearer: token);

    private static async Task<JsonElement> FiguresAsync(AccountHost host) =>
        (await host.Api.GetAsync("/health")).Body.GetProperty("dependencies").GetProperty("secrets")
            .GetProperty("figures");
}
