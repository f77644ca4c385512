using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Npgsql;
using Vellarys.Tests.Api;
using Vellarys.Tests.Storage;
using Xunit;

namespace Vellarys.Tests.Accounts.Access;

/// <summary>
/// Every route that there is, called by tenant A's administrator and by A's key of all scopes, with ids and names of
/// tenant B wherever one goes, and with and without B's name in the header. No answer shows anything of B, and no row
/// of B's changes. A route that is added tomorrow is called tomorrow.
/// </summary>
public sealed class CrossTenantFuzzTests
{
    /// <summary>In every text of B's rows, so that whatever leaks shows.</summary>
    private const string Mark = "TENANTBSECRET";

    [Fact]
    public async Task Routes_All_ShowAndTouchNothingOfAnotherTenant()
    {
        IEndpointRouteBuilder? routes = null;
        await using AccountHost host = await AccountHost.StartAsync(
            new() { ["Api:Burst"] = "1000000" }, map: app => routes = app);
        TenantId a = await host.Api.Rows.TenantAsync("A"), b = await host.Api.Rows.TenantAsync(Mark);
        await host.AddUserAsync(a, "boss");
        await host.AddUserAsync(b, Mark.ToLowerInvariant());
        await host.AddUserAsync(b, Mark.ToLowerInvariant() + "2", "atendente");
        await FillAsync(host, b);
        string token = (await host.SignInAsync("boss")).Token;
        Answer key = await host.AsInstallationAsync(HttpMethod.Post, "/api-keys", new
        {
            name = "all", scopes = Vellarys.Http.Permissions.OfTenants,
        }, a);
        string[] bearers = [token, key.Body.GetProperty("key").GetString()!];
        string[] ids = await IdsAsync(host, b);
        TenantRows rows = await TenantRows.CreateAsync(host.Api.Database);
        string before = await rows.DigestAsync(b);

        await AssertMarkShowsAsync(host, b);

        ConcurrentBag<string> leaks = [];
        int served = 0;
        Call[] calls = [.. Calls(routes!.DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>(), ids, b)];
        ParallelOptions four = new() { MaxDegreeOfParallelism = 4 };
        await Parallel.ForEachAsync(calls, four, async (call, _) =>
        {
            (HttpStatusCode status, string body) = await SendAsync(host, call, bearers, ids);
            bool isServed = (int)status is >= 200 and < 300;
            if (isServed) Interlocked.Increment(ref served);
            if (body.Contains(Mark, StringComparison.OrdinalIgnoreCase)) leaks.Add($"{call}: shows B");
            if (isServed && call.Named is not null && !IsOfNoTenant(call.Path)) leaks.Add($"{call}: {status}");
            if ((int)status >= 500) leaks.Add($"{call}: {status}");
        });

        Assert.True(leaks.IsEmpty, string.Join('\n', leaks));
        Assert.Equal(before, await rows.DigestAsync(b));
        // What is only ever refused proves nothing.
        Assert.InRange(served, 20, calls.Length);
        Assert.InRange(calls.Length, 200, 100_000);
    }

    /// <summary>To its own tenant the mark is shown, so that its absence means something.</summary>
    private static async Task AssertMarkShowsAsync(AccountHost host, TenantId tenant)
    {
        foreach (string path in new[] { "/conversations", "/users", "/teams", "/profiles", "/api-keys", "/prompts" })
        {
            Answer own = await host.AsInstallationAsync(HttpMethod.Get, path, tenant: tenant);
            Assert.Contains(Mark, own.Body.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private static bool IsGuarded(RouteEndpoint route) =>
        route.Metadata.GetMetadata<Vellarys.Http.OpenToAll>() is null
        // What ends the caller's own session would end the test; it takes nothing of anybody's.
        && route.RoutePattern.RawText is not ("/api/v1/auth/sign-out" or "/api/v1/auth/sessions/end")
        // Files of the program, the same for everybody.
        && route.RoutePattern.RawText != "/sandbox/{file}";

    private static bool IsOfNoTenant(string path) => path.StartsWith("/api/v1/auth/", StringComparison.Ordinal)
        || path.StartsWith("/sandbox", StringComparison.Ordinal);

    /// <summary>Each place for an id takes each of B's in turn, all places the same at a time.</summary>
    private static IEnumerable<(string Path, string Method)> Paths(RouteEndpoint route, string[] ids)
    {
        bool hasPlace = route.RoutePattern.Parameters.Count > 0;
        foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
        {
            foreach (string id in hasPlace ? ids : [ids[0]])
            {
                yield return ("/" + string.Join('/', route.RoutePattern.PathSegments.Select(
                    s => string.Concat(s.Parts.Select(p => p switch
                    {
                        RoutePatternLiteralPart literal => literal.Content,
                        _ => id,
                    })))), method);
            }
        }
    }

    /// <summary>
    /// B's name in the header is refused before an id is looked at, and behind the door a key is as a person: these
    /// take one id each, a person takes all.
    /// </summary>
    private static IEnumerable<Call> Calls(IEnumerable<RouteEndpoint> routes, string[] ids, TenantId other) =>
        from route in routes
        where IsGuarded(route)
        from place in Paths(route, ids)
        let isFirst = route.RoutePattern.Parameters.Count == 0 || place.Path.Contains(ids[0], StringComparison.Ordinal)
        from bearer in isFirst ? new[] { 0, 1 } : [0]
        from named in isFirst ? new TenantId?[] { null, other } : [null]
        // A stream would not end, and B's is refused before it begins.
        where named is not null || route.RoutePattern.RawText != "/api/v1/events"
        select new Call(place.Method, place.Path, bearer, named);

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        AccountHost host, Call call, string[] bearers, string[] ids)
    {
        using HttpRequestMessage request = new(new HttpMethod(call.Method), call.Path);
        request.Headers.Add("Authorization", "Bearer " + bearers[call.Bearer]);
        if (call.Named is { } tenant) request.Headers.Add("X-Tenant-Id", tenant.ToString());
        if (call.Method is "POST" or "PUT")
        {
            request.Content = new StringContent(
                Body(call.Path, ids), System.Text.Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Well formed where the route is known to take one, so that it comes as far as the rows.</summary>
    private static string Body(string path, string[] ids) => path[(path.LastIndexOf('/') + 1)..] switch
    {
        "replies" => """{"text":"x"}""",
        "accept" or "decline" or "transfer" => $$"""{"agentId":"{{ids[0]}}"}""",
        "presence" => """{"presence":"online"}""",
        "password" => """{"password":"a long enough sentence"}""",
        _ when path.Contains("/agents", StringComparison.Ordinal) || path.Contains("/teams", StringComparison.Ordinal)
            => $$"""{"name":"{{Ids.New(TimeProvider.System)}}"}""",
        _ when path.Contains("/users", StringComparison.Ordinal) => """{"name":"n","role":"admin"}""",
        _ when path.Contains("/profiles", StringComparison.Ordinal) => """{"name":"n","permissions":["teams.read"]}""",
        _ => "{}",
    };

    /// <summary>A row in every table of tenants, and texts with the mark in those that have some.</summary>
    private static async Task FillAsync(AccountHost host, TenantId tenant)
    {
        ConversationRows rows = host.Api.Rows;
        ChannelId channel = await rows.ChannelAsync(tenant, Mark + "-token");
        ConversationId conversation = await rows.ConversationAsync(tenant, channel, Mark + " Lima", "5511990000009");
        await rows.MessageAsync(tenant, conversation, "cliente", Mark + " oi", "wamid." + Mark);
        await rows.MessageAsync(tenant, conversation, "bot", Mark + " olá", delivery: "failed");
        await host.AsInstallationAsync(HttpMethod.Post, "/teams", new { name = Mark }, tenant);
        await host.AsInstallationAsync(HttpMethod.Post, "/profiles", new
        {
            name = Mark, permissions = new[] { "teams.read" },
        }, tenant);
        await host.AsInstallationAsync(HttpMethod.Post, "/prompts", new { body = Mark }, tenant);
        await host.AsInstallationAsync(HttpMethod.Post, "/api-keys", new
        {
            name = Mark, scopes = new[] { "teams.read" },
        }, tenant);
        await (await TenantRows.CreateAsync(host.Api.Database)).FillAsync(tenant);
    }

    /// <summary>Whatever of B's is named by an id, one of each table.</summary>
    private static async Task<string[]> IdsAsync(AccountHost host, TenantId tenant)
    {
        await using NpgsqlCommand tables = host.Api.Database.Owner.CreateCommand(
            """
            select c.table_name::text, c.column_name::text
            from information_schema.columns c
            join information_schema.columns t on t.table_schema = 'public' and t.table_name = c.table_name
                and t.column_name = 'tenant_id'
            join pg_class k on k.relname = c.table_name and not k.relispartition
            where c.table_schema = 'public' and c.column_name in ('id', 'user_id', 'flow_id') and c.data_type = 'uuid'
            """);
        List<(string Table, string Column)> columns = [];
        await using (NpgsqlDataReader reader = await tables.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        HashSet<string> ids = [tenant.ToString()];
        foreach ((string table, string column) in columns)
        {
            await using NpgsqlCommand read = host.Api.Database.Owner.CreateCommand(
                $"select {column}::text from {table} where tenant_id = $1 and {column} is not null limit 1");
            read.Parameters.Add(new NpgsqlParameter { Value = tenant.Value });
            if (await read.ExecuteScalarAsync() is string id) ids.Add(id);
        }

        return [.. ids];
    }

    /// <param name="Bearer">0: the person; 1: the key.</param>
    private sealed record Call(string Method, string Path, int Bearer, TenantId? Named);
}
