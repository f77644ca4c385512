using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OtpNet;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Sessions;
using Vellarys.Http;
using Xunit;

namespace Vellarys.Tests.Accounts.Access;

public sealed class SignInTests
{
    [Fact]
    public async Task SignIn_AtProductionCost_IsBcryptOf12AndTellsWhoOneIs()
    {
        await using AccountHost host = await AccountHost.StartAsync(cost: Passwords.Cost);
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana", "supervisor");

        SignedIn signed = await host.SignInAsync("ANA@example.com");
        Answer me = await host.SendAsync(HttpMethod.Get, "/auth/me", bearer: signed.Token);

        Assert.StartsWith("$2a$12$", await ScalarAsync<string>(host, "select password_hash from users"),
            StringComparison.Ordinal);
        Assert.Equal("ana", me.Body.GetProperty("username").GetString());
        Assert.Equal(tenant.Value, me.Body.GetProperty("tenantId").GetGuid());
        Assert.Equal("supervisor", me.Body.GetProperty("role").GetString());
        Assert.DoesNotContain("hash", me.Body.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SignIn_WhateverIsWrong_HasOneAnswer()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        Guid closed = await host.AddUserAsync(tenant, "bia");
        await host.Api.Rows.RunAsync("update users set active = false where id = $1", closed);

        Answer[] answers =
        [
            await TryAsync(host, "nobody", AccountHost.Password),
            await TryAsync(host, "ana", "wrong password here"),
            await TryAsync(host, "bia", AccountHost.Password),
        ];

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.Unauthorized, "sign_in_failed"), (a.Status, a.Code)));
        Assert.Single(answers.Select(a => a.Body.GetProperty("detail").GetString()).Distinct());
        Assert.All(answers, a => Assert.Null(a.Cookie));
    }

    [Fact]
    public async Task UnknownName_CostsTheSameCheck()
    {
        using Passwords passwords = new(cost: 4);
        // A form that bcrypt works through: what it cannot read it would refuse at once, and by an exception.
        Assert.False(await passwords.VerifyAsync("whatever it is", hash: null, default));
        Assert.True(await passwords.VerifyAsync("right", await passwords.HashAsync("right", default), default));
    }

    [Fact]
    public async Task Cookie_OfASession_IsOutOfReachOfScriptsAndOtherSites()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        Answer answer = await TryAsync(host, "ana", AccountHost.Password);
        string cookie = answer.Cookie!.ToLowerInvariant();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/api/v1/auth", cookie, StringComparison.Ordinal);
        Assert.Equal(0L, await ScalarAsync<long>(
            host, "select count(*) from refresh_tokens where encode(hash, 'escape') like '%' || $1 || '%'",
            answer.CookiePair!.Split('=')[1]));
    }

    [Fact]
    public async Task Attempts_BeyondTheLimit_Wait_AlsoAtAnotherInstanceAndForNamesThatNobodyHas()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        foreach (string name in new[] { "ana", "nobody" })
        {
            for (int i = 0; i < TakeAttempt.MostOfPair; i++)
                Assert.Equal("sign_in_failed", (await TryAsync(host, name, "wrong password here")).Code);
            // The right one waits as well: else it would be told from the wrong ones.
            Answer stopped = await TryAsync(host, name, AccountHost.Password);
            Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_attempts"), (stopped.Status, stopped.Code));
            Assert.InRange(stopped.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
        }

        // What counts is in the database, so another instance counts on.
        TakeAttempt another = new(host.Api.Database.App, new ApiOptions());
        Assert.NotNull(await another.RunAsync("Ana", IPAddress.Loopback, default));
        Assert.Null(await another.RunAsync("ana", IPAddress.Parse("203.0.113.9"), default));
    }

    [Fact]
    public async Task Account_TriedFromManyAddresses_StillOpensWhereItsOwnerWas()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        await host.SignInAsync("ana");
        TakeAttempt attempts = new(host.Api.Database.App, new ApiOptions());
        for (int i = 0; i < TakeAttempt.MostOfAccount; i++)
            await attempts.RunAsync("ana", IPAddress.Parse($"203.0.113.{i}"), default);

        Assert.NotNull(await attempts.RunAsync("ana", IPAddress.Parse("198.51.100.1"), default));
        await host.SignInAsync("ana");
    }

    [Fact]
    public async Task Totp_OnceConfirmed_IsAskedForAndEachCodeIsGoodOnce()
    {
        StandingClock clock = new();
        await using AccountHost host = await AccountHost.StartAsync(
            services: more => more.AddSingleton<TimeProvider>(clock));
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        string token = (await host.SignInAsync("ana")).Token;
        Answer offer = await host.SendAsync(HttpMethod.Post, "/auth/totp", bearer: token);
        Totp totp = new(Base32Encoding.ToBytes(offer.Body.GetProperty("secret").GetString()));
        DateTime now = clock.GetUtcNow().UtcDateTime;

        Answer wrong = await host.SendAsync(HttpMethod.Post, "/auth/totp/confirm", Proof("000000x"), token);
        Answer thief = await host.SendAsync(
            HttpMethod.Post, "/auth/totp/confirm", new { code = "000000x", password = "wrong password here" }, token);
        // The code before this one is still good, and leaves this one and the next for what follows.
        string first = totp.ComputeTotp(now.AddSeconds(-30));
        Answer confirmed = await host.SendAsync(HttpMethod.Post, "/auth/totp/confirm", Proof(first), token);
        string recovery = confirmed.Body.GetProperty("recoveryCodes")[0].GetString()!;
        string code = totp.ComputeTotp(now);

        Assert.Equal("code_invalid", wrong.Code);
        Assert.Equal("password_wrong", thief.Code);
        Assert.Equal("code_required", (await TryAsync(host, "ana", AccountHost.Password)).Code);
        Assert.Equal("code_invalid", (await TryAsync(host, "ana", AccountHost.Password, first)).Code);
        await host.SignInAsync("ana", code: code);
        Assert.Equal("code_invalid", (await TryAsync(host, "ana", AccountHost.Password, code)).Code);
        await host.SignInAsync("ana", code: recovery.ToUpperInvariant());
        Assert.Equal("code_invalid", (await TryAsync(host, "ana", AccountHost.Password, recovery)).Code);
        Assert.Equal("sign_in_failed", (await TryAsync(host, "ana", "wrong password here", recovery)).Code);

        static object Proof(string code) => new { code, password = AccountHost.Password };
    }

    [Fact]
    public async Task Address_OfManyPeople_IsNoReasonToWait()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        TakeAttempt attempts = new(host.Api.Database.App, new ApiOptions());
        byte[] key = TakeAttempt.HashOf(IPAddress.Parse("2001:db8:1:2::1"));

        // A proxy's, and none: everybody's.
        await attempts.RunAsync("ana", IPAddress.Loopback, default);
        await attempts.RunAsync("ana", null, default);
        Assert.Equal(0L, await CountOfAsync(TakeAttempt.HashOf(IPAddress.Loopback)));
        Assert.Equal(0L, await CountOfAsync(TakeAttempt.HashOf(null)));

        // Of IPv6 it is the network that counts; the one that was right is given back, and no more.
        for (int i = 1; i <= 3; i++)
            await attempts.RunAsync($"user{i}", IPAddress.Parse($"2001:db8:1:2::{i}"), default);
        Assert.Equal(3L, await CountOfAsync(key));
        await attempts.ForgetAsync("user1", IPAddress.Parse("2001:db8:1:2::9"), default);
        Assert.Equal(2L, await CountOfAsync(key));

        Task<long> CountOfAsync(byte[] of) => ScalarAsync<long>(
            host, "select coalesce(sum(count), 0)::bigint from sign_in_attempts where key = $1", of);
    }

    [Fact]
    public async Task Session_OfAPasswordThatIsNoLonger_DoesNotStart()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        Guid ana = await host.AddUserAsync(tenant, "ana");
        SessionStore sessions = new(host.Api.Database.App, TimeProvider.System);
        string hash = await ScalarAsync<string>(host, "select password_hash from users");

        Assert.Null(await sessions.StartAsync(ana, hash + "x", from: null, default));
        Assert.NotNull(await sessions.StartAsync(ana, hash, from: null, default));
        Assert.Equal(1L, await ScalarAsync<long>(host, "select count(*) from sessions"));
    }

    [Theory]
    [InlineData("203.0.113.9:51234", "203.0.113.9")]
    [InlineData("198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("nowhere", "127.0.0.1")]
    public void Address_ThatAProxyTells_MayHaveAPort(string header, string address)
    {
        CallerAddress addresses = new(new ApiOptions(), new AccountOptions { ForwardedFor = true });
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Headers["X-Forwarded-For"] = header;

        Assert.Equal(IPAddress.Parse(address), addresses.Of(context));
    }

    [Theory]
    [InlineData("short", "at least")]
    [InlineData("password123", "tried first")]
    [InlineData("S3nha@2026!!", "tried first")]
    [InlineData("1234567890123", "tried first")]
    [InlineData("qwertyuiop99", "tried first")]
    [InlineData("aurora2026!!", "of the company")]
    [InlineData("ana.lima2026!", "of yours")]
    [InlineData("abababababab", "different")]
    [InlineData("correct horse battery staple", null)]
    [InlineData("três pratos de trigo", null)]
    public void Password_ThatIsTriedFirst_IsRefused(string password, string? fault)
    {
        string? found = PasswordRules.Fault(
            password, ["ana.lima@example.com", "ana.lima", "Ana Lima", "Aurora Móveis"]);
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetupLink_MakesTheFirstAdministratorOnce()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        SetupLink link = new(host.Api.Database.App, TimeProvider.System);
        // Those of a company who are there already take nobody's way in.
        await host.AddUserAsync(tenant, "boss");
        string token = (await link.MakeAsync(default))!, second = (await link.MakeAsync(default))!;

        Answer wrong = await SetUpAsync("not-the-token");
        Answer taken = await SetUpAsync(token, "boss");
        Answer made = await SetUpAsync(token);
        Answer again = await SetUpAsync(token);
        Answer other = await SetUpAsync(second);
        SignedIn admin = await host.SignInAsync("root.admin");
        Answer queues = await host.SendAsync(HttpMethod.Get, "/operations/queues", bearer: admin.Token);
        Answer users = await host.SendAsync(HttpMethod.Get, "/users", bearer: admin.Token);

        Assert.Equal("setup_link_invalid", wrong.Code);
        Assert.Equal("username_taken", taken.Code);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("setup_link_invalid", again.Code);
        Assert.Equal("setup_link_invalid", other.Code);
        Assert.Null(await link.MakeAsync(default));
        Assert.Equal(HttpStatusCode.OK, queues.Status);
        Assert.Equal(HttpStatusCode.OK, users.Status);

        Task<Answer> SetUpAsync(string shown, string username = "root.admin") => host.SendAsync(
            HttpMethod.Post, "/auth/setup", new
        {
            token = shown,
            email = "root@example.com",
            username,
            name = "First",
            password = AccountHost.Password,
            tenantId = tenant.Value,
        });
    }

    private static Task<Answer> TryAsync(AccountHost host, string login, string password, string? code = null) =>
        host.SendAsync(HttpMethod.Post, "/auth/sign-in", new { login, password, code });

    private static async Task<T> ScalarAsync<T>(AccountHost host, string sql, params object[] values)
    {
        await using NpgsqlCommand command = host.Api.Database.Owner.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>So that no code grows old while a slow machine gets to it.</summary>
}
