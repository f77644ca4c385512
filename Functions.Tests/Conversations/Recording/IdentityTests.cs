using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Tests.Channels;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

public sealed class IdentityTests
{
    private const string Old = "5541987650001";
    private const string New = "5541987650002";
    private const string OptedOut = "select count(*) from contacts where opted_out_at is not null";
    private const string Secret = "minha alergia é a amendoim";

    [Fact]
    public async Task NumberChanged_ConversationGoesOnAndIsAnsweredAtTheNewNumber()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, Old, Secret);
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.Number, New, null, New), Phone(Old));
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, default);
        await pipeline.ReplyAsStaff.RunAsync(pipeline.Tenant.Id, conversation, "Recebi.", default);
        await pipeline.SettleAsync();
        Assert.Equal(New, pipeline.Provider.Sends.Last().To);

        await pipeline.RecordAsync(pipeline.Message(New, "sou eu ainda"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from conversations"));
        Assert.Equal($"{New}/{New}", await pipeline.ScalarAsync<string>(
            "select c.phone || '/' || l.phone from contacts c join leads l on l.contact_id = c.id"));
        Assert.Equal("sistema", await pipeline.ScalarAsync<string>("select role from messages where kind = 'system'"));
    }

    [Fact]
    public async Task NumberChanged_WhoeverGetsTheOldNumberIsAStranger()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, Old, Secret);
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.Number, New, null, New), Phone(Old));
        await SayAsync(pipeline, Old, "oi, número novo aqui");

        AssertKnowsNothing(pipeline.Assistant.Asked.Last());
        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(Old, pipeline.Provider.Sends.Last().To);
    }

    [Fact]
    public async Task NumberChanged_ToANumberThatWroteBefore_SuggestsAndTakesIt()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, New, "antes");
        await SayAsync(pipeline, Old, "oi");
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.Number, New, null, New), Phone(Old));
        await SayAsync(pipeline, New, "depois");

        Assert.Equal(2, await pipeline.ScalarAsync<long>(
            """
            select count(*) from messages m
            where m.role = 'cliente' and m.conversation_id = (
                select conversation_id from messages where body = 'depois')
            """));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from identity_merge_suggestions"));
    }

    [Theory]
    [InlineData("BR.2", null)]
    [InlineData("BR.2", Old)]
    public async Task UserIdChanged_IsTheSameContact(string bsuid, string? phone)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "BR.1", "SAIR", Bsuid("BR.1"));
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.UserId, null, "BR.2", "BR.2"), Bsuid("BR.1"));
        Assert.Equal("BR.2", await pipeline.ScalarAsync<string>("select reply_to from conversations"));

        IdentityKey[] known = phone is null ? [Bsuid(bsuid)] : [Bsuid(bsuid), Phone(phone)];
        await SayAsync(pipeline, bsuid, "oi de novo", known);
        Assert.Equal(1, await pipeline.ScalarAsync<long>(OptedOut));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
    }

    [Fact]
    public async Task AnotherIdWithTheSameNumber_IsANewOwner()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, Old, Secret, Bsuid("BR.1"), Phone(Old));
        await SayAsync(pipeline, Old, "oi, quem fala?", Bsuid("BR.9"), Phone(Old));

        AssertKnowsNothing(pipeline.Assistant.Asked.Last());
        Assert.Equal("BR.1", await pipeline.ScalarAsync<string>(
            "select reply_to from conversations order by created_at limit 1"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts where phone is null"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>($"select count(*) from contacts where phone = '{Old}'"));

        // The old owner is still known by what is theirs.
        await SayAsync(pipeline, "BR.1", "eu de novo", Bsuid("BR.1"));
        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        TurnContext asked = pipeline.Assistant.Asked.Last();
        Assert.Contains(asked.History, l => l.Text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BothOwnersInOneSet_AreKeptApart()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        InboundEvent first = pipeline.Message(Old, Secret) with { Identities = [Bsuid("BR.1"), Phone(Old)] };
        InboundEvent second = pipeline.Message(Old, "oi") with { Identities = [Bsuid("BR.9"), Phone(Old)] };
        await Task.WhenAll(
            pipeline.ReceiveAsync("5541987650077", "antes"), pipeline.RecordAsync(first), pipeline.RecordAsync(second));
        Assert.Equal(2, await pipeline.ScalarAsync<long>(
            """
            select count(distinct conversation_id) from messages where body <> 'antes'
            """));
    }

    [Fact]
    public async Task AnotherChannelWithIdsOfItsOwn_IsNoNewOwner()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        Channel second = pipeline.Directory.AddChannel(pipeline.Tenant.Id);
        await pipeline.Directory.StoreAsync(pipeline.Database.Owner);
        await SayAsync(pipeline, Old, "um", Bsuid("BR.1"), Phone(Old));
        await pipeline.RecordAsync(pipeline.Message(Old, "dois", channel: second) with
        {
            Identities = [Bsuid("BR.8"), Phone(Old)],
        });
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
    }

    [Fact]
    public async Task OwnerChanged_NextMessageStartsAnewAndNothingOldIsSentThere()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, Old, "SAIR");
        await pipeline.ReceiveAsync(Old, Secret);
        await pipeline.RunAsync(Queues.AiResponse);
        int sent = pipeline.Provider.Sends.Count;
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.Owner, null, null, null), Phone(Old));
        await pipeline.SettleAsync();
        Assert.Equal(sent, pipeline.Provider.Sends.Count);
        // The answer that was not sent any more is owed: a person decides.
        Assert.Equal("waiting/number_given_up", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));

        await SayAsync(pipeline, Old, "oi");
        AssertKnowsNothing(pipeline.Assistant.Asked.Last());
        Assert.Equal(
            "same number", await pipeline.ScalarAsync<string>("select reason from identity_merge_suggestions"));
        Assert.Equal(2, await pipeline.ScalarAsync<long>(OptedOut));
    }

    [Fact]
    public async Task OwnerChanged_WhereNothingIsOwed_TheConversationEnds()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, Old, Secret);
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.Owner, null, null, null), Phone(Old));
        Assert.Equal("closed", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task OwnerChanged_ForAnAccountThatIsKnown_KeepsThePerson()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, Old, Secret, Bsuid("BR.1"), Phone(Old));
        await ChangeAsync(pipeline, new IdentityChange(IdentityChange.Owner, null, null, null), Phone(Old));
        await SayAsync(pipeline, Old, "só troquei de aparelho", Bsuid("BR.1"), Phone(Old));
        Assert.Equal(1, await pipeline.ScalarAsync<long>($"select count(*) from contacts where phone = '{Old}'"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from conversations"));
    }

    [Fact]
    public async Task ChangeOfWhomWeNeverMet_OrComesTwice_ChangesNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        InboundEvent change = Changed(
            pipeline, new IdentityChange(IdentityChange.Number, New, null, New), Phone(Old));
        await pipeline.RecordAsync(change);
        await SayAsync(pipeline, Old, "oi");
        await pipeline.RecordAsync(change);
        Assert.Equal(Old, await pipeline.ScalarAsync<string>("select phone from contacts"));
    }

    [Fact]
    public async Task NameAndNumberLearntLater_AreFilledInUnlessStaffTypedThem()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(
            pipeline.Message("BR.1", "oi") with { Identities = [Bsuid("BR.1")], ProfileName = null });
        Assert.Equal("", await pipeline.ScalarAsync<string>("select name from contacts"));
        await pipeline.RecordAsync(pipeline.Message(Old, "com número") with
        {
            Identities = [Bsuid("BR.1"), Phone(Old)], ProfileName = "Duda",
        });
        Assert.Equal($"Duda/{Old}/{Old}", await pipeline.ScalarAsync<string>(
            "select c.name || '/' || c.phone || '/' || l.phone from contacts c join leads l on l.contact_id = c.id"));

        await pipeline.ExecuteAsync("update contacts set name = 'Duda (VIP)'; update leads set phone = '554130000000'");
        await pipeline.RecordAsync(pipeline.Message(Old, "outro nome") with { ProfileName = "Duda Lima" });
        Assert.Equal("Duda (VIP)/554130000000", await pipeline.ScalarAsync<string>(
            "select c.name || '/' || l.phone from contacts c join leads l on l.contact_id = c.id"));
    }

    [Fact]
    public async Task ProfileNameThatChanges_IsTakenOver()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Old, "um");
        await pipeline.RecordAsync(pipeline.Message(Old, "dois") with { ProfileName = "Ana Paula" });
        Assert.Equal("Ana Paula", await pipeline.ScalarAsync<string>("select name from contacts"));
    }

    [Fact]
    public async Task EveryBrazilianArea_OnePersonIsOneContact()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        BrazilianPerson[] people = [.. BrazilianPerson.Generate(perArea: 4)];
        await Task.WhenAll(people.SelectMany(p => p.Writings.Select(writing => pipeline.RecordAsync(
            pipeline.Message(writing, p.Id) with { Identities = [Phone(PhoneNumbers.Canonical(writing))] }))));

        Assert.Equal(people.Length, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(people.Length, await pipeline.ScalarAsync<long>("select count(*) from conversations"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            """
            select count(*) from (
                select 1 from messages group by conversation_id having count(distinct body) > 1) wrong
            """));
    }

    private static IdentityKey Phone(string digits) => new("phone", digits);

    private static IdentityKey Bsuid(string id) => new("bsuid", id);

    private static async Task SayAsync(Pipeline pipeline, string from, string text, params IdentityKey[] known)
    {
        await pipeline.RecordAsync(pipeline.Message(from, text) with
        {
            Identities = known.Length > 0 ? known : [Phone(from)],
        });
        await pipeline.SettleAsync();
    }

    private static Task ChangeAsync(Pipeline pipeline, IdentityChange change, params IdentityKey[] known) =>
        pipeline.RecordAsync(Changed(pipeline, change, known));

    private static InboundEvent Changed(Pipeline pipeline, IdentityChange change, params IdentityKey[] known) =>
        pipeline.Message(known[0].Value, "User changed") with
        {
            Kind = InboundKind.Notice, Type = "system", Identities = known, Change = change,
        };

    private static void AssertKnowsNothing(TurnContext asked)
    {
        Assert.DoesNotContain(asked.History, l => l.Text.Contains(Secret, StringComparison.Ordinal));
        Assert.Null(asked.Summary);
    }
}
