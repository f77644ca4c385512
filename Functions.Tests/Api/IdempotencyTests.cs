using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Vellarys.Tests.Accounts.Access;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class IdempotencyTests
{
    private const string Key = "1f0c6f7e-4a53-4a4c-9f0e-2b6b6a5d7c11";

    [Fact]
    public async Task Post_SentAgainWithItsKey_IsDoneOnceAndAnsweredTheSame()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync(), other = await host.Api.Rows.TenantAsync("B");

        Sent first = await SendAsync(host, tenant, "/users", User("ana"));
        Sent again = await SendAsync(host, tenant, "/users", User("ana"));

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.False(first.IsReplayed);
        Assert.Equal((first.Status, first.Text, first.Location), (again.Status, again.Text, again.Location));
        Assert.True(again.IsReplayed);
        Assert.Equal(1L, await CountAsync(host, "select count(*) from memberships"));
        // Another tenant's call with the same key is another call.
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(host, other, "/users", User("bia"))).Status);
        Assert.Equal(0L, await CountAsync(
            host, $"select count(*) from idempotency_keys k where k::text like '%{AccountHost.Password}%'"
                + $" or k::text like '%{Key}%'"));
    }

    [Fact]
    public async Task Post_AnotherCallWithTheKey_IsRefused()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await SendAsync(host, tenant, "/teams", new { name = "Sales" });

        Sent otherBody = await SendAsync(host, tenant, "/teams", new { name = "Service" });
        Sent otherPath = await SendAsync(host, tenant, "/profiles", new { name = "Sales" });

        Assert.All([otherBody, otherPath], s => Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (s.Status, s.Code)));
        Assert.Equal(1L, await CountAsync(host, "select count(*) from teams"));
    }

    [Fact]
    public async Task Post_ManyAtOnceWithOneKey_AreDoneOnce()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();

        Sent[] all = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => SendAsync(host, tenant, "/prompts", new { body = "Be kind." })));

        Assert.Contains(all, s => s.Status == HttpStatusCode.Created);
        Assert.All(all, s => Assert.True(
            s.Status == HttpStatusCode.Created || s.Code == "idempotency_in_progress", s.Text));
        Assert.Single(all.Where(s => s.Status == HttpStatusCode.Created).Select(s => s.Text).Distinct());
        Assert.Equal(1L, await CountAsync(host, "select count(*) from idempotency_keys where status = 201"));
    }

    [Fact]
    public async Task Post_CutOffBeforeItsRecord_IsNeverDoneAgain_UntilItsDayIsOver()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await SendAsync(host, tenant, "/teams", new { name = "Sales" });

        await host.Api.Rows.RunAsync("update idempotency_keys set status = null, body = null");
        Assert.Equal("idempotency_in_progress", await CodeAsync());
        await host.Api.Rows.RunAsync("update idempotency_keys set claimed_at = now() - interval '6 minutes'");
        Assert.Equal("idempotency_outcome_unknown", await CodeAsync());
        await host.Api.Rows.RunAsync("update idempotency_keys set claimed_at = now() - interval '25 hours'");
        // The team is there: it was tried again.
        Assert.Equal("team_name_taken", await CodeAsync());

        async Task<string?> CodeAsync() => (await SendAsync(host, tenant, "/teams", new { name = "Sales" })).Code;
    }

    [Fact]
    public async Task Post_ThatDidNothing_FreesItsKey()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();

        Assert.Equal("invalid_request", (await SendAsync(host, tenant, "/teams", new { name = "" })).Code);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(host, tenant, "/teams", new { name = "Sales" })).Status);
    }

    [Fact]
    public async Task Post_ThatFailedOnOurSide_IsNotDoneAgain()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        // As a connection that breaks under the commit: nobody knows how it ended.
        await host.Api.Rows.RunAsync(
            """
            create function fail() returns trigger language plpgsql
            as $$ begin raise 'no' using errcode = '57P01'; end $$;
            create trigger fail before insert on teams for each row execute function fail()
            """);
        Sent first = await SendAsync(host, tenant, "/teams", new { name = "Sales" });
        await host.Api.Rows.RunAsync("drop trigger fail on teams");

        Sent again = await SendAsync(host, tenant, "/teams", new { name = "Sales" });

        Assert.True((int)first.Status >= 500, first.Text);
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_outcome_unknown"), (again.Status, again.Code));
    }

    [Fact]
    public async Task Post_WhoseAnswerShowsASecret_IsDoneOnce_AndTheSecretKeptNowhere()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        var wanted = new { name = "A machine", scopes = new[] { "teams.read" } };

        Sent first = await SendAsync(host, tenant, "/api-keys", wanted);
        Sent again = await SendAsync(host, tenant, "/api-keys", wanted);

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_answer_withheld"), (again.Status, again.Code));
        Assert.Equal(1L, await CountAsync(host, "select count(*) from api_keys"));
        Assert.Equal(0L, await CountAsync(host, "select count(*) from idempotency_keys where body is not null"));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Post_KeyThatIsNone_IsRefused(string key)
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();

        Assert.Equal("invalid_request", (await SendAsync(host, tenant, "/teams", new { name = "Sales" }, key)).Code);
    }

    [Fact]
    public async Task Prune_KeysOfYesterday_AreForgotten()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await SendAsync(host, tenant, "/teams", new { name = "Sales" });
        await host.Api.Rows.RunAsync("update idempotency_keys set claimed_at = now() - interval '26 hours'");
        await SendAsync(host, tenant, "/teams", new { name = "Service" }, "another");

        Assert.Equal(1L, await CountAsync(host, $"select prune_idempotency_keys('{tenant}')"));
        Assert.Equal(1L, await CountAsync(host, "select count(*) from idempotency_keys"));
    }

    private static object User(string name) => new
    {
        email = name + "@example.com", username = name, name = "Somebody", password = AccountHost.Password,
        role = "admin",
    };

    private static async Task<long> CountAsync(AccountHost host, string sql)
    {
        await using NpgsqlCommand count = host.Api.Database.Owner.CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static async Task<Sent> SendAsync(
        AccountHost host, TenantId tenant, string path, object body, string key = Key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1" + path)
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Add("Authorization", "Bearer " + AccountHost.Key);
        request.Headers.Add("X-Tenant-Id", tenant.ToString());
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        string? code = JsonElement.Parse(text).TryGetProperty("code", out JsonElement found) ? found.GetString() : null;
        return new Sent(
            response.StatusCode, text, code, response.Headers.Location,
            response.Headers.Contains("Idempotency-Replayed"));
    }

    private sealed record Sent(HttpStatusCode Status, string Text, string? Code, Uri? Location, bool IsReplayed);
}
