using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels.Sealing;
using Vellarys.Jobs;
using Vellarys.Tests.Api;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Storage;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>Endpoints' secrets as they lie in the database.</summary>
public sealed class WebhookSecretsTests : IAsyncLifetime
{
    private const string Path = "/api/v1/webhook-endpoints";
    private const string Stored = "select concat_ws(',', secret, previous_secret) from webhook_endpoints";

    private ApiHost _host = null!;
    private Receiver _receiver = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(new(Rings.Settings("k1", "k2")) { ["Webhooks:AllowLocal"] = "true" });
        _receiver = await Receiver.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Secrets_OfAnEndpoint_AreSealedAndSignAllTheSame()
    {
        (string one, string first) = await CreateAsync();
        JsonElement rotated = (await _host.PostAsync($"{one}/secrets", new { }, _tenant)).Body;
        string second = rotated.GetProperty("secret").GetString()!;
        string[] stored = (await _host.Rows.ScalarAsync<string>(Stored)).Split(',');
        Assert.All(stored, s => Assert.StartsWith("enc:v1:k2:", s, StringComparison.Ordinal));
        Assert.Equal(2, stored.Length);
        Assert.DoesNotContain("whsec_", await SchemaDump.RowsAsync(_host.Database), StringComparison.Ordinal);
        await PingAsync(one);
        Call ping = Assert.Single(_receiver.Calls);
        Assert.True(ping.IsSignedWith(first) && ping.IsSignedWith(second));
    }

    [Fact]
    public async Task Job_OverPlainAndOlderOnes_SealsThemWithTheNewestKeyAndHealthCountsThem()
    {
        (string one, string secret) = await CreateAsync();
        await _host.Rows.RunAsync(
            "update webhook_endpoints set previous_secret = $1, previous_until = now() + interval '1 hour'", secret);
        Guid id = Guid.Parse(one[(Path.Length + 1)..]);
        await _host.Rows.RunAsync("update webhook_endpoints set secret = $1",
            Rings.Box("k1").Seal(secret, new(_tenant, id, "webhook_endpoints.secret")));
        JsonElement before = await FiguresAsync();
        Assert.Equal((1, 1), (before.GetProperty("inPlain").GetInt32(), before.GetProperty("ofOlderKeys").GetInt32()));

        await _host.Services.GetServices<IJob>().OfType<SealSecrets>().Single().RunAsync(default);
        JsonElement after = await FiguresAsync();
        Assert.Equal((0, 0), (after.GetProperty("inPlain").GetInt32(), after.GetProperty("ofOlderKeys").GetInt32()));
        Assert.All(
            (await _host.Rows.ScalarAsync<string>(Stored)).Split(','),
            s => Assert.StartsWith("enc:v1:k2:", s, StringComparison.Ordinal));
        await PingAsync(one);
        Assert.True(Assert.Single(_receiver.Calls).IsSignedWith(secret));
    }

    [Fact]
    public async Task Endpoint_WhoseSecretCannotBeOpened_IsNotCalledAndSaysSo()
    {
        (string one, _) = await CreateAsync();
        await CreateAsync();
        // Another row's: it opens there and nowhere else.
        await _host.Rows.RunAsync(
            "update webhook_endpoints a set secret = b.secret from webhook_endpoints b where a.id <> b.id");
        Assert.Equal("secret", (await PingAsync(one)).GetProperty("reason").GetString());
        Assert.Empty(_receiver.Calls);
    }

    private async Task<(string One, string Secret)> CreateAsync()
    {
        JsonElement made = (await _host.PostAsync(
            Path, new { url = _receiver.Url, events = new[] { "message.sent" } }, _tenant)).Body;
        return ($"{Path}/{made.GetProperty("endpoint").GetProperty("id").GetGuid()}",
            made.GetProperty("secret").GetString()!);
    }

    private async Task<JsonElement> PingAsync(string one) =>
        (await _host.PostAsync($"{one}/test", tenant: _tenant)).Body;

    private async Task<JsonElement> FiguresAsync() => (await _host.GetAsync("/health")).Body
        .GetProperty("dependencies").GetProperty("secrets").GetProperty("figures");
}
