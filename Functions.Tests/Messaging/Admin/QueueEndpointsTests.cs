using System.Net;
using System.Text.Json;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Messaging.Admin;

public sealed class QueueEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Queues_WithBacklog_AreCounted()
    {
        await _host.Rows.RunAsync(
            """
            insert into queue_messages (id, queue, body, due_at)
            values ($1, 'ai-response', '{}', now() - interval '5 s')
            """,
            Ids.New(TimeProvider.System));

        (HttpStatusCode status, JsonElement body) = await _host.GetAsync("/api/v1/operations/queues");
        JsonElement queue = body.GetProperty("items").EnumerateArray()
            .Single(q => q.GetProperty("queue").GetString() == "ai-response");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, queue.GetProperty("waiting").GetInt64());
        Assert.True(queue.GetProperty("oldestWaitingMs").GetInt64() >= 5_000);
    }

    [Fact]
    public async Task Health_QueueBehindByTwoMinutes_IsDegradedAndStill200()
    {
        await _host.Rows.RunAsync(
            """
            insert into queue_messages (id, queue, body, due_at)
            values ($1, 'ai-response', '{}', now() - interval '2 m')
            """,
            Ids.New(TimeProvider.System));

        (HttpStatusCode status, JsonElement body) = await _host.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        Assert.Equal("behind", body.GetProperty("dependencies").GetProperty("queue").GetProperty("state").GetString());
    }

    [Fact]
    public async Task DeadLetters_ListReadRedrivePurge_DoWhatTheySay()
    {
        Guid first = await DieAsync("a"), second = await DieAsync("b"), third = await DieAsync("c");

        (_, JsonElement page) = await _host.GetAsync("/api/v1/operations/dead-letters?limit=2");
        string next = page.GetProperty("next").GetString()!;
        (_, JsonElement rest) = await _host.GetAsync($"/api/v1/operations/dead-letters?limit=2&after={next}");
        (_, JsonElement bySubject) = await _host.GetAsync(
            "/api/v1/operations/dead-letters?queue=ai-response&subject=a");
        (_, JsonElement one) = await _host.GetAsync($"/api/v1/operations/dead-letters/{first}");
        (HttpStatusCode redriven, _) = await _host.PostAsync($"/api/v1/operations/dead-letters/{first}/redrive");
        (HttpStatusCode again, _) = await _host.PostAsync($"/api/v1/operations/dead-letters/{first}/redrive");
        (HttpStatusCode purged, _) = await _host.SendAsync(
            HttpMethod.Delete, $"/api/v1/operations/dead-letters/{second}", null);
        (_, JsonElement all) = await _host.PostAsync("/api/v1/operations/queues/ai-response/redrive");
        (HttpStatusCode noQueue, _) = await _host.PostAsync("/api/v1/operations/queues/nothing/redrive");

        Assert.Equal([third, second], Ids(page));
        Assert.Equal([first], Ids(rest));
        Assert.Equal([first], Ids(bySubject));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("items")[0].GetProperty("body").ValueKind);
        Assert.Equal("{}", one.GetProperty("body").GetString());
        Assert.Equal("bad_body", one.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, redriven);
        Assert.Equal(HttpStatusCode.NotFound, again);
        Assert.Equal(HttpStatusCode.NoContent, purged);
        Assert.Equal(1, all.GetProperty("redriven").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, noQueue);

        static IEnumerable<Guid> Ids(JsonElement page) =>
            page.GetProperty("items").EnumerateArray().Select(l => l.GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("/api/v1/operations/dead-letters?queue=nothing", "queue")]
    [InlineData("/api/v1/operations/dead-letters?queue=ai-response,nps-survey", "queue")]
    [InlineData("/api/v1/operations/dead-letters?limit=x", "limit")]
    [InlineData("/api/v1/operations/dead-letters?after=bm9wZQ", "after")]
    public async Task DeadLetters_WrongParameter_IsRefusedByName(string path, string field)
    {
        (HttpStatusCode status, JsonElement body) = await _host.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    private async Task<Guid> DieAsync(string subject)
    {
        Guid id = Vellarys.Ids.New(TimeProvider.System);
        await _host.Rows.RunAsync(
            """
            insert into queue_dead_letters (id, queue, priority, attempts, subject, body, code, reason, enqueued_at,
                died_at)
            values ($1, 'ai-response', 1, 3, $2, '{}', 'bad_body', 'not readable', now(), clock_timestamp())
            """,
            id, subject);
        return id;
    }
}
