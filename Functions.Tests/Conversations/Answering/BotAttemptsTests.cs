using Vellarys.Assistant;
using Vellarys.Messaging;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

/// <summary>How often the bot may fail to help in a row: counted in the conversation's row, over turns.</summary>
public sealed class BotAttemptsTests : IAsyncLifetime
{
    private const string Ana = "5511987650001";
    private ModelServer _server = null!;
    private Pipeline _pipeline = null!;

    public async Task InitializeAsync()
    {
        _server = await ModelServer.StartAsync();
        _pipeline = await Pipeline.StartAsync();
        GuardedAssistant assistant = Turns.Assistant(Turns.Options(_server));
        _pipeline.Assistant.Answer = context => assistant.AnswerAsync(context, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task ThreeUnhelpfulTurns_CallAPerson_AndGivenBackTheyCountAnew()
    {
        Says(helped: false);
        Assert.Equal("bot/1", await AskAsync("e o prazo?"));
        Assert.Equal("bot/2", await AskAsync("o prazo, por favor"));
        Assert.Equal("waiting/3", await AskAsync("qual é o prazo?"));
        Assert.Equal("attempts_exhausted", await _pipeline.ScalarAsync<string>(
            "select handoff_reason from turns where outcome = 'handed_off'"));

        // No loop: the bot is out of it, whatever the customer writes.
        Assert.Equal("waiting/3", await AskAsync("alguém aí?"));
        Assert.Equal(3, _server.Calls);

        await _pipeline.GiveBack.RunAsync(
            _pipeline.Tenant.Id, await _pipeline.ConversationAsync(), CancellationToken.None);
        Assert.Equal("bot/0", await StandAsync());
        // What was asked last is answered now.
        await _pipeline.SettleAsync();
        Assert.Equal("bot/1", await StandAsync());
        Assert.Equal("bot/2", await AskAsync("e agora?"));
        Assert.Equal(5, _server.Calls);
    }

    [Fact]
    public async Task HelpfulTurn_BetweenUnhelpfulOnes_CountsAnew()
    {
        Says(helped: false);
        await AskAsync("e o prazo?");
        Assert.Equal("bot/2", await AskAsync("o prazo, por favor"));
        Says(helped: true);
        Assert.Equal("bot/0", await AskAsync("e o preço?"));
        Says(helped: false);
        Assert.Equal("bot/1", await AskAsync("e a cor?"));
    }

    private void Says(bool helped)
    {
        string answer = ModelServer.Plain(helped ? "Custa R$ 990,00." : "Não sei dizer.", helped: helped);
        _server.Answer = (_, http) => ModelServer.SayAsync(http, answer);
    }

    /// <summary>One turn; returns who is in charge after it and the count that is stored.</summary>
    private async Task<string> AskAsync(string text)
    {
        await _pipeline.ReceiveAsync(Ana, text);
        await _pipeline.SettleAsync();
        return await StandAsync();
    }

    private Task<string> StandAsync() =>
        _pipeline.ScalarAsync<string>("select status || '/' || bot_attempts from conversations");
}
