using System.Net;
using System.Text.Json;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class ConversationEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;
    private ChannelId _channel;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
        _channel = await _host.Rows.ChannelAsync(_tenant);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task List_Conversation_ShowsContactChargeAndLastMessage()
    {
        ConversationId id = await _host.Rows.ConversationAsync(_tenant, _channel, "Ana Lima", "5511990000001");
        await _host.Rows.MessageAsync(_tenant, id, "bot", "Olá! Como posso ajudar?", delivery: "sent");
        await _host.Rows.MessageAsync(_tenant, id, "cliente", "Quanto custa a mesa?");

        (HttpStatusCode status, JsonElement body) = await _host.GetAsync("/api/v1/conversations");

        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement row = Assert.Single(body.GetProperty("items").EnumerateArray());
        Assert.Equal(id.Value, row.GetProperty("id").GetGuid());
        Assert.Equal("Ana Lima", row.GetProperty("contactName").GetString());
        Assert.Equal("bot", row.GetProperty("status").GetString());
        Assert.Equal("unknown", row.GetProperty("qualification").GetString());
        Assert.Equal("Quanto custa a mesa?", row.GetProperty("lastMessageText").GetString());
        Assert.True(row.GetProperty("unanswered").GetBoolean());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task List_PageByPage_GivesEveryConversationOnceLatestFirst()
    {
        List<Guid> made = [];
        for (int i = 0; i < 7; i++)
        {
            ConversationId id = await _host.Rows.ConversationAsync(
                _tenant, _channel, $"Cliente {i}", $"551199000000{i}");
            await _host.Rows.MessageAsync(_tenant, id, "cliente", "oi");
            made.Add(id.Value);
        }

        List<Guid> seen = [];
        string? next = "";
        while (next is not null)
        {
            string after = next.Length > 0 ? $"&after={next}" : "";
            (_, JsonElement body) = await _host.GetAsync($"/api/v1/conversations?limit=3{after}");
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetGuid()));
            next = body.GetProperty("next").GetString();
        }

        Assert.Equal(Enumerable.Reverse(made), seen);
    }

    [Fact]
    public async Task List_FilteredByStatusAndPhone_GivesOnlyThose()
    {
        ConversationId ana = await _host.Rows.ConversationAsync(_tenant, _channel, "Ana", "5511990000001");
        await _host.Rows.ConversationAsync(_tenant, _channel, "Bia", "5511990000002");
        await _host.PostAsync($"/api/v1/conversations/{ana}/takeover");

        (_, JsonElement byStatus) = await _host.GetAsync("/api/v1/conversations?status=human,waiting");
        (_, JsonElement byPhone) = await _host.GetAsync("/api/v1/conversations?phone=5511990000002");

        Assert.Equal("Ana", byStatus.GetProperty("items")[0].GetProperty("contactName").GetString());
        Assert.Equal(1, byStatus.GetProperty("items").GetArrayLength());
        Assert.Equal("Bia", byPhone.GetProperty("items")[0].GetProperty("contactName").GetString());
        Assert.Equal(1, byPhone.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("%2B55%2011%2099000-0002")]
    [InlineData("+55+(11)+99000-0002")]
    [InlineData("551190000002")]
    [InlineData("(11)%2099000-0002")]
    [InlineData("1190000002")]
    [InlineData("0055-11-99000-0002")]
    public async Task List_PhoneInAnyWriting_FindsItsContact(string phone)
    {
        await _host.Rows.ConversationAsync(_tenant, _channel, "Ana", "5511990000001");
        await _host.Rows.ConversationAsync(_tenant, _channel, "Bia", "5511990000002");
        (_, JsonElement found) = await _host.GetAsync($"/api/v1/conversations?phone={phone}");
        Assert.Equal("Bia", Assert.Single(found.GetProperty("items").EnumerateArray())
            .GetProperty("contactName").GetString());
    }

    [Theory]
    [InlineData("kind = 'reaction'")]
    [InlineData("kind = 'edit'")]
    [InlineData("kind = 'revoke'")]
    [InlineData("withdrawn_at = now(), body = ''")]
    [InlineData("kind = 'system', role = 'sistema'")]
    public async Task List_LastLineThatIsNoWord_IsNoneForTheFilterEither(string line)
    {
        ConversationId id = await _host.Rows.ConversationAsync(_tenant, _channel);
        await _host.Rows.MessageAsync(_tenant, id, "cliente", "Quanto custa?");
        await _host.Rows.MessageAsync(_tenant, id, "bot", "R$ 10.", delivery: "sent");
        MessageId last = await _host.Rows.MessageAsync(_tenant, id, "cliente", "👍");
        await _host.Rows.RunAsync($"update messages set {line} where id = $1", last.Value);

        (_, JsonElement unanswered) = await _host.GetAsync("/api/v1/conversations?unanswered=true");
        (_, JsonElement answered) = await _host.GetAsync("/api/v1/conversations?unanswered=false");
        Assert.Empty(unanswered.GetProperty("items").EnumerateArray());
        JsonElement row = Assert.Single(answered.GetProperty("items").EnumerateArray());
        Assert.False(row.GetProperty("unanswered").GetBoolean());
    }

    [Fact]
    public async Task List_WhatThePhoneHolds_IsShownAndFiltered()
    {
        ConversationId phone = await _host.Rows.ConversationAsync(_tenant, _channel, "Ana", "5511990000001");
        ConversationId staff = await _host.Rows.ConversationAsync(_tenant, _channel, "Bia", "5511990000002");
        ConversationId bot = await _host.Rows.ConversationAsync(_tenant, _channel, "Caio", "5511990000003");
        foreach (ConversationId id in new[] { phone, staff })
            await _host.Rows.MessageAsync(_tenant, id, "cliente", "e aí?");
        await _host.Rows.MessageAsync(_tenant, phone, "sistema", "O cliente mudou de número.");
        await _host.Rows.MessageAsync(_tenant, bot, "bot", "Olá!", delivery: "sent");
        await _host.PostAsync($"/api/v1/conversations/{staff}/takeover");
        await _host.Rows.RunAsync(
            "update conversations set status = 'human', epoch = epoch + 1, phone_at = now() where id = $1",
            phone.Value);

        (_, JsonElement one) = await _host.GetAsync($"/api/v1/conversations/{phone}");
        Assert.Equal("phone", one.GetProperty("answeredBy").GetString());
        Assert.Equal("Ana", await NamesAsync("status=human&answeredBy=phone&unanswered=true"));
        Assert.Equal("Bia", await NamesAsync("answeredBy=staff"));
        Assert.Equal("Ana Bia", await NamesAsync("unanswered=true"));
        Assert.Equal("Caio", await NamesAsync("unanswered=false"));

        async Task<string> NamesAsync(string filter)
        {
            (_, JsonElement page) = await _host.GetAsync($"/api/v1/conversations?{filter}");
            return string.Join(' ', page.GetProperty("items").EnumerateArray()
                .Select(c => c.GetProperty("contactName").GetString()).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Messages_MoreThanAPage_AreReachedWithTheCursorNewestFirst()
    {
        ConversationId id = await _host.Rows.ConversationAsync(_tenant, _channel);
        for (int i = 1; i <= 5; i++) await _host.Rows.MessageAsync(_tenant, id, "cliente", $"mensagem {i}");
        await _host.Rows.MessageAsync(_tenant, id, "bot", "resposta", delivery: "pending");

        (_, JsonElement first) = await _host.GetAsync($"/api/v1/conversations/{id}/messages?limit=4");
        string next = first.GetProperty("next").GetString()!;
        (_, JsonElement second) = await _host.GetAsync($"/api/v1/conversations/{id}/messages?limit=4&before={next}");

        Assert.Equal(["resposta", "mensagem 5", "mensagem 4", "mensagem 3"], Texts(first));
        Assert.Equal(["mensagem 2", "mensagem 1"], Texts(second));
        Assert.Equal("pending", first.GetProperty("items")[0].GetProperty("delivery").GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("items")[1].GetProperty("delivery").ValueKind);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);

        static IEnumerable<string?> Texts(JsonElement page) =>
            page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("text").GetString());
    }

    [Fact]
    public async Task TakeOverReplyGiveBackClose_InTurn_ChangeChargeAndRaiseTheEpoch()
    {
        ConversationId id = await _host.Rows.ConversationAsync(_tenant, _channel);
        string path = $"/api/v1/conversations/{id}";

        (HttpStatusCode refused, JsonElement why) = await _host.PostAsync($"{path}/replies", new { text = "Oi" });
        (HttpStatusCode taken, JsonElement charge) = await _host.PostAsync($"{path}/takeover");
        (HttpStatusCode replied, JsonElement reply) = await _host.PostAsync(
            $"{path}/replies", new { text = "Oi, sou a Bia" });
        (HttpStatusCode givenBack, JsonElement back) = await _host.PostAsync($"{path}/give-back");
        (HttpStatusCode again, JsonElement twice) = await _host.PostAsync($"{path}/give-back");
        (HttpStatusCode closed, _) = await _host.PostAsync($"{path}/close");
        (_, JsonElement detail) = await _host.GetAsync(path);
        (_, JsonElement messages) = await _host.GetAsync($"{path}/messages");

        Assert.Equal(HttpStatusCode.Conflict, refused);
        Assert.Equal("not_in_charge", why.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, taken);
        Assert.Equal("human", charge.GetProperty("status").GetString());
        Assert.Equal(1, charge.GetProperty("epoch").GetInt32());
        Assert.Equal(HttpStatusCode.Accepted, replied);
        Assert.Equal(HttpStatusCode.OK, givenBack);
        Assert.Equal("bot", back.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.Conflict, again);
        Assert.Equal("bot_in_charge", twice.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, closed);
        Assert.Equal("closed", detail.GetProperty("status").GetString());
        JsonElement message = Assert.Single(messages.GetProperty("items").EnumerateArray());
        Assert.Equal(reply.GetProperty("messageId").GetGuid(), message.GetProperty("id").GetGuid());
        Assert.Equal("atendente", message.GetProperty("role").GetString());
    }

    [Fact]
    public async Task Reply_TooLong_IsRefusedByNameAndTheLongestIsTaken()
    {
        ConversationId id = await _host.Rows.ConversationAsync(_tenant, _channel);
        string path = $"/api/v1/conversations/{id}";
        await _host.PostAsync($"{path}/takeover");

        (HttpStatusCode tooLong, JsonElement body) = await _host.PostAsync(
            $"{path}/replies", new { text = new string('x', 4097) });
        (HttpStatusCode longest, _) = await _host.PostAsync($"{path}/replies", new { text = new string('x', 4096) });

        Assert.Equal(HttpStatusCode.BadRequest, tooLong);
        Assert.Equal("text", body.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal(HttpStatusCode.Accepted, longest);
    }

    [Fact]
    public async Task OtherTenant_EverythingOfAConversation_IsNotFound()
    {
        TenantId other = await _host.Rows.TenantAsync("Outra");
        ConversationId id = await _host.Rows.ConversationAsync(_tenant, _channel);
        await _host.Rows.MessageAsync(_tenant, id, "cliente", "segredo", externalId: "wamid.A/1==");
        string path = $"/api/v1/conversations/{id}";

        HttpStatusCode[] statuses =
        [
            (await _host.GetAsync(path, other)).Status,
            (await _host.GetAsync($"{path}/messages", other)).Status,
            (await _host.PostAsync($"{path}/takeover", null, other)).Status,
            (await _host.PostAsync($"{path}/give-back", null, other)).Status,
            (await _host.PostAsync($"{path}/close", null, other)).Status,
            (await _host.PostAsync($"{path}/replies", new { text = "oi" }, other)).Status,
            (await _host.GetAsync("/api/v1/custody/wamid.A%2F1==", other)).Status,
        ];
        (_, JsonElement list) = await _host.GetAsync("/api/v1/conversations", other);
        (_, JsonElement channels) = await _host.GetAsync("/api/v1/sandbox/channels", other);
        (_, JsonElement own) = await _host.GetAsync(path, _tenant);

        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.NotFound, s));
        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
        Assert.Equal(0, channels.GetProperty("items").GetArrayLength());
        Assert.Equal("bot", own.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Tenant_NotGivenAmongSeveral_IsAskedForAndUnknownIsNotFound()
    {
        await _host.Rows.TenantAsync("Outra");

        (HttpStatusCode missing, JsonElement body) = await _host.GetAsync("/api/v1/conversations");
        (HttpStatusCode unknown, _) = await _host.GetAsync(
            "/api/v1/conversations", new TenantId(Ids.New(TimeProvider.System)));
        (HttpStatusCode query, _) = await _host.GetAsync($"/api/v1/conversations?tenant={_tenant}");

        Assert.Equal(HttpStatusCode.BadRequest, missing);
        Assert.Equal("X-Tenant-Id", body.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Equal(HttpStatusCode.OK, query);
    }

    [Fact]
    public async Task Custody_BalanceAndLookUp_AnswerForTheTenant()
    {
        (HttpStatusCode status, JsonElement report) = await _host.GetAsync(
            "/api/v1/custody?since=2026-01-01T00:00:00Z");
        (HttpStatusCode unknown, JsonElement problem) = await _host.GetAsync("/api/v1/custody/wamid.unknown");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(0, report.GetProperty("received").GetInt64());
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Equal("message_not_found", problem.GetProperty("code").GetString());
    }
}
