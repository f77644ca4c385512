using System.Net;
using System.Text.Json;
using Dapper;
using Npgsql;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Flows.Survey;

public sealed class SurveyEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;
    private ChannelId _channel;
    private int _customers;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
        _channel = await _host.Rows.ChannelAsync(_tenant);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Surveys_WithoutAny_AreZerosAndNoScores()
    {
        (HttpStatusCode status, JsonElement body) = await _host.GetAsync("/api/v1/surveys");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(0, body.GetProperty("asked").GetInt64());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("responseRate").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("nps").GetProperty("score").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("csat").GetProperty("average").ValueKind);
    }

    [Fact]
    public async Task Surveys_OfTheTime_AreCounted()
    {
        foreach (int score in (int[])[10, 9, 9, 8, 7, 6, 0]) await SurveyAsync("nps", score);
        foreach (int score in (int[])[5, 4]) await SurveyAsync("csat", score);
        await SurveyAsync("nps", score: null);
        await SurveyAsync("nps", score: 0, daysAgo: 31);
        await SurveyAsync("nps", score: null, asked: false);

        (_, JsonElement body) = await _host.GetAsync("/api/v1/surveys");
        JsonElement nps = body.GetProperty("nps");

        Assert.Equal((10, 9), (body.GetProperty("asked").GetInt64(), body.GetProperty("answered").GetInt64()));
        Assert.Equal(0.9, body.GetProperty("responseRate").GetDouble());
        Assert.Equal(
            (7, 3, 2, 2),
            (nps.GetProperty("answered").GetInt64(), nps.GetProperty("promoters").GetInt64(),
                nps.GetProperty("passives").GetInt64(), nps.GetProperty("detractors").GetInt64()));
        Assert.Equal(14.3, nps.GetProperty("score").GetDouble());
        Assert.Equal(4.5, body.GetProperty("csat").GetProperty("average").GetDouble());
        Assert.Equal(2, body.GetProperty("csat").GetProperty("answered").GetInt64());
    }

    [Fact]
    public async Task Surveys_OfAnotherTenant_AreNotSeen()
    {
        await SurveyAsync("nps", 10);
        TenantId other = await _host.Rows.TenantAsync();

        (_, JsonElement body) = await _host.GetAsync("/api/v1/surveys", other);

        Assert.Equal(0, body.GetProperty("asked").GetInt64());
    }

    [Fact]
    public async Task Surveys_SinceNoTime_AreRefused() => Assert.Equal(
        HttpStatusCode.BadRequest, (await _host.GetAsync("/api/v1/surveys?since=ontem")).Status);

    private async Task SurveyAsync(string kind, int? score, int daysAgo = 1, bool asked = true)
    {
        ConversationId conversation = await _host.Rows.ConversationAsync(
            _tenant, _channel, "Ana", $"55119900{_customers++:00000}");
        await using NpgsqlConnection owner = await _host.Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            """
            with started as (
                insert into flows (tenant_id, id, name, conversation_id, contact_id, created_at)
                select c.tenant_id, @flow, 'survey', c.id, c.contact_id, now() - @daysAgo * interval '1 day'
                from conversations c where c.id = @conversation
                returning tenant_id, id, conversation_id
            ),
            asked as (
                insert into flow_events (tenant_id, flow_id, id, body, version, commands)
                select s.tenant_id, s.id, new_id(), '{}', 1, '{AskScore,WakeAt}' from started s where @asked
            )
            insert into survey_answers (tenant_id, flow_id, conversation_id, kind, score)
            select s.tenant_id, s.id, s.conversation_id, @kind, @score from started s where @score is not null
            """,
            new
            {
                flow = Ids.New(TimeProvider.System), conversation = conversation.Value, kind, score = (short?)score,
                daysAgo, asked,
            });
    }
}
