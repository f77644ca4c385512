using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Conversations.OptOut;

/// <summary>What is said and what is stored are the same, whatever else the customer writes.</summary>
public sealed class OptOutTests
{
    private const string Ana = "5511987650001";
    private static readonly string Left = Texts.Get(Texts.OptOutConfirmed, "pt-BR");
    private static readonly string Back = Texts.Get(Texts.OptInConfirmed, "pt-BR");

    [Theory]
    [InlineData("SAIR", "obrigado")]
    [InlineData("obrigado", "SAIR")]
    [InlineData("por favor não me mande mais mensagens", "ok")]
    public async Task WishWithACourtesyInOneBurst_IsRecordedAndConfirmed(string first, string second)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, first);
        await pipeline.ReceiveAsync(Ana, second);
        await pipeline.SettleAsync();

        Assert.True(await HasLeftAsync(pipeline));
        Assert.Equal(Left, Assert.Single(pipeline.Provider.Sends).Text);
        Assert.Empty(pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task CourtesyAfterTheConfirmation_IsNotAnsweredAndChangesNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "sair");
        await SayAsync(pipeline, "ok, obrigado 👍");

        Assert.True(await HasLeftAsync(pipeline));
        Assert.Single(pipeline.Provider.Sends);
        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Equal(["replied/opt_out", "ignored/courtesy_after_opt_out"], await pipeline.ListAsync<string>(
            "select outcome || '/' || reason from turns order by to_turn"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from queue_messages"));
    }

    [Fact]
    public async Task QuestionAfterTheConfirmation_IsAnsweredAndChangesNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "sair");
        await SayAsync(pipeline, "vocês abrem domingo?");

        Assert.True(await HasLeftAsync(pipeline));
        Assert.Equal([Left, "Tudo bem!"], pipeline.Provider.Sends.Select(s => s.Text));
    }

    [Fact]
    public async Task WishWithAQuestion_HasBothAnswered()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "Não quero mais receber promoções. Qual o status do meu pedido?");

        Assert.True(await HasLeftAsync(pipeline));
        Assert.Equal(Left + "\n\nTudo bem!", Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Fact]
    public async Task WishWithAQuestion_WhoseAnswerIsAsLongAsAMessageMayBe_IsOneMessage()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain(string.Concat(Enumerable.Repeat("Sim, abrimos. ", 292))));
        await SayAsync(pipeline, "Não quero mais receber promoções. Vocês abrem domingo?");

        string said = Assert.Single(pipeline.Provider.Sends).Text;
        Assert.StartsWith(Left + "\n\nSim", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 4_000, 4_096);
    }

    [Theory]
    [InlineData("no quiero recibir más mensajes", "es")]
    [InlineData("please stop sending me messages", "en")]
    public async Task Wish_IsConfirmedInTheCustomersLanguage(string text, string locale)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, text);
        Assert.Equal(Texts.Get(Texts.OptOutConfirmed, locale), Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Fact]
    public async Task OneWord_BringsBackAndIsConfirmed()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "sair");
        await SayAsync(pipeline, "VOLTAR");

        Assert.False(await HasLeftAsync(pipeline));
        Assert.Equal([Left, Back], pipeline.Provider.Sends.Select(s => s.Text));
    }

    [Fact]
    public async Task SameWord_OfSomebodyWhoNeverLeft_IsAMessageLikeAnyOther()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "Voltar");

        Assert.False(await HasLeftAsync(pipeline));
        Assert.Single(pipeline.Assistant.Asked);
        Assert.Equal("Tudo bem!", Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Theory]
    [InlineData("sair", "voltar")]
    [InlineData("voltar", "sair")]
    public async Task TwoWishesInOneBurst_TheLastIsStoredAndSaid(string first, string last)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await pipeline.RecordAsync(pipeline.Message(Ana, first) with { SentAt = now.AddSeconds(-2) });
        await pipeline.RecordAsync(pipeline.Message(Ana, last) with { SentAt = now });
        await pipeline.SettleAsync();

        bool left = await HasLeftAsync(pipeline);
        Assert.Equal(last == "sair", left);
        Assert.Equal(left ? Left : Back, Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Fact]
    public async Task MenuRow_WithTheWord_IsNoWish()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(pipeline.Message(Ana, "Sair") with { Type = "interactive" });
        await pipeline.SettleAsync();

        Assert.False(await HasLeftAsync(pipeline));
        Assert.Single(pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task Edit_ToAWish_CountsAndIsConfirmed()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await SayAsync(pipeline, "sai");
        await pipeline.RecordAsync(pipeline.Message(Ana, "sair") with { Kind = InboundKind.Notice, Type = "edit" });
        await pipeline.SettleAsync();

        Assert.True(await HasLeftAsync(pipeline));
        Assert.Equal(Left, pipeline.Provider.Sends.Last().Text);
    }

    [Fact]
    public async Task ProvidersPreference_WhileTheWordWaits_IsWhatIsSaid()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 30_000, ShowsTyping = false });
        await pipeline.ReceiveAsync(Ana, "sair");
        await pipeline.RecordAsync(pipeline.Message(Ana, "") with
        {
            Kind = InboundKind.Preference, Type = "preference", OptedOut = false,
        });
        await pipeline.TravelAsync(TimeSpan.FromSeconds(40));
        await pipeline.SettleAsync();

        Assert.False(await HasLeftAsync(pipeline));
        Assert.Equal(Back, Assert.Single(pipeline.Provider.Sends).Text);
    }

    private static async Task SayAsync(Pipeline pipeline, string text)
    {
        await pipeline.ReceiveAsync(Ana, text);
        await pipeline.SettleAsync();
    }

    private static Task<bool> HasLeftAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<bool>("select opted_out_at is not null from contacts");
}
