using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Channels.Sandbox;
using Vellarys.Channels.Sealing;
using Vellarys.Intake;
using Vellarys.Jobs;
using Vellarys.Tests.Api;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Storage;
using Xunit;

namespace Vellarys.Tests.Channels.Sealing;

/// <summary>
/// Secrets as they lie in the database: what was there gets sealed, and keys change while webhooks come.
/// </summary>
public sealed class SealSecretsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(
            Rings.Settings("k1", "k2"),
            services: s => s.AddSingleton<IProvider, SandboxProvider>().AddWebhooks(),
            map: app => app.MapWebhooks());
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Job_OverWhatWasInPlain_LeavesNoSecretInADump()
    {
        ChannelId channel = await _host.Rows.ChannelAsync(_tenant, "page-token-in-plain");
        await _host.Rows.RunAsync(
            "update channels set access_token = 'access-in-plain', verify_token = 'verify-in-plain'");
        Assert.Contains("in-plain", await RowsAsync(), StringComparison.Ordinal);

        await SealAsync();
        string dump = await RowsAsync();
        Assert.DoesNotContain("in-plain", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("in-plain", await SchemaDump.RowsAsync(_host.Database), StringComparison.Ordinal);
        Assert.Equal(3, dump.Split("enc:v1:k2:").Length - 1);
        Channel opened = (await Directory().FindAsync(channel, default))!;
        Assert.Equal(
            ("access-in-plain", "verify-in-plain", "page-token-in-plain", null),
            (opened.AccessToken, opened.VerifyToken, Assert.Single(opened.WebhookSecrets), opened.SecretFault));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(channel, "page-token-in-plain"));

        await SealAsync();
        Assert.Equal(dump, await RowsAsync());
    }

    [Fact]
    public async Task Job_WithinTheHourOfTheRelease_LeavesWhatTheReleaseBeforeReads()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            new(Rings.Settings("k1")) { ["Encryption:SealAfter"] = "01:00:00" });
        TenantId tenant = await host.Rows.TenantAsync();
        await host.Rows.ChannelAsync(tenant, "in-plain");
        IJob job = host.Services.GetServices<IJob>().Single(j => j is SealSecrets);
        await host.Rows.RunAsync("update schema_migrations set applied_at = now() where version = 21");
        await job.RunAsync(default);
        Assert.Equal("in-plain", await host.Rows.ScalarAsync<string>("select webhook_secrets[1] from channels"));
        await host.Rows.RunAsync("update schema_migrations set applied_at = now() - interval '61 minutes'");
        await job.RunAsync(default);
        Assert.StartsWith(
            "enc:v1:k1:", await host.Rows.ScalarAsync<string>("select webhook_secrets[1] from channels"),
            StringComparison.Ordinal);
    }

    // The data of one row in another's, or changed: that channel stands still, and only that one.
    [Theory]
    [InlineData("update channels a set webhook_secrets = b.webhook_secrets from channels b "
        + "where a.id = $1 and b.id = $2")]
    [InlineData("update channels a set webhook_secrets = array[overlay(webhook_secrets[1] placing 'AAAA' from 30)] "
        + "from (select $2::uuid) as b where a.id = $1")]
    public async Task Webhook_OfAChannelWhoseSecretIsNotItsOwn_IsPutOffAndTheOthersAreTaken(string attack)
    {
        ChannelId victim = await _host.Rows.ChannelAsync(_tenant, "token-of-the-first");
        ChannelId other = await _host.Rows.ChannelAsync(_tenant, "token-of-the-second");
        await SealAsync();
        await _host.Rows.RunAsync(attack, victim.Value, other.Value);
        Directory().Invalidate();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(victim, "token-of-the-first"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(victim, "token-of-the-second"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(other, "token-of-the-second"));
        JsonElement line = await HealthAsync();
        Assert.Equal(
            ("degraded", "unreadable", 1),
            (line.GetProperty("status").GetString(), line.GetProperty("state").GetString(),
                line.GetProperty("figures").GetProperty("unreadableChannels").GetInt32()));

        // The job mends nothing of it and hides nothing of it.
        string before = await RowsAsync();
        await SealAsync();
        Assert.Equal(before, await RowsAsync());
    }

    [Fact]
    public async Task MasterKeyAndSecret_ChangedWhileWebhooksCome_LoseNone()
    {
        ChannelId channel = new(Ids.New(TimeProvider.System));
        await new CreateChannel(_host.Database.App, Directory(), Rings.Box("k1"), TimeProvider.System).RunAsync(
            new NewChannel(_tenant, channel, "sandbox", "loja", "Loja", "", ["the-first-secret"], ""), default);
        Assert.Equal(1, (await HealthAsync()).GetProperty("figures").GetProperty("ofOlderKeys").GetInt32());

        string secret = "the-first-secret";
        using var stop = new CancellationTokenSource();
        Task<int>[] load = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            int taken = 0;
            while (!stop.IsCancellationRequested)
            {
                Assert.Equal(HttpStatusCode.OK, await PostAsync(channel, Volatile.Read(ref secret)));
                taken++;
            }

            return taken;
        }))];
        await SealAsync();
        (HttpStatusCode status, JsonElement list) = await _host.PostAsync(
            $"/api/v1/channels/{channel}/secrets", new { secret = "the-second-secret" }, _tenant);
        Assert.Equal(HttpStatusCode.Created, status);
        Volatile.Write(ref secret, "the-second-secret");
        await SealAsync();
        string first = list.GetProperty("items")[0].GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await PostAsync(channel, "the-first-secret"));
        // Posts that began with the first one are over before it ends.
        await stop.CancelAsync();
        int[] taken = await Task.WhenAll(load);
        (status, _) = await _host.SendAsync(
            HttpMethod.Delete, $"/api/v1/channels/{channel}/secrets/{first}", _tenant);
        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(channel, "the-first-secret"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(channel, "the-second-secret"));
        const string queued = "select count(*) from queue_messages where queue = 'message-processing'";
        Assert.Equal(taken.Sum() + 2, await _host.Rows.ScalarAsync<long>(queued));
        Assert.Equal(0, (await HealthAsync()).GetProperty("figures").GetProperty("ofOlderKeys").GetInt32());
    }

    private ChannelDirectory Directory() => _host.Services.GetRequiredService<ChannelDirectory>();

    private Task SealAsync() =>
        _host.Services.GetServices<IJob>().Single(j => j is SealSecrets).RunAsync(default);

    private Task<string> RowsAsync() =>
        _host.Rows.ScalarAsync<string>("select string_agg(c::text, E'\\n' order by id) from channels c");

    private async Task<JsonElement> HealthAsync() =>
        (await _host.GetAsync("/health")).Body.GetProperty("dependencies").GetProperty("secrets");

    private async Task<HttpStatusCode> PostAsync(ChannelId channel, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{channel}");
        request.Content = JsonContent.Create(new { from = "5511990000001", text = "oi" });
        request.Headers.Add("X-Sandbox-Token", secret);
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
