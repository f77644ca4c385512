using System.Text.Json;
using Vellarys.Assistant;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>What models really send, through HTTP and the whole assistant, and what of it a customer reads.</summary>
public sealed class ModelHabitsTests
{
    private const string Good = """{"reply":"O sofá custa R$ 10.","intent":"pricing","helped":true}""";

    [Theory]
    [InlineData("<think>\nA margem é 38%.\n</think>\n\n" + Good)]
    [InlineData("</think>\n" + Good)]
    [InlineData("A margem é 38%.\n</think>" + Good)]
    [InlineData("<thinking>margem</thinking>" + Good + "<reflection>margem</reflection>")]
    [InlineData("<THINK foo=\"1\">margem</THINK>O sofá custa R$ 10.")]
    [InlineData("[THINK]margem[/THINK]" + Good)]
    [InlineData("<think>{\"reply\":\"margem\"}</think>" + Good)]
    [InlineData("<|channel|>analysis<|message|>margem<|end|><|channel|>final<|message|>O sofá custa R$ 10.")]
    [InlineData("<answer>O sofá custa R$ 10.</answer>")]
    [InlineData("O sofá custa R$ 10.<|im_end|>\n<|im_start|>user\nmargem")]
    [InlineData("Here is the JSON you asked for:\n\n```json\n" + Good + "\n```")]
    [InlineData("```json " + Good + "```")]
    [InlineData("```" + Good + "```")]
    [InlineData("Claro! " + Good + "\nEspero ter ajudado.")]
    [InlineData("[" + Good + "]")]
    [InlineData("{\"turn\":" + Good + "}")]
    [InlineData("{\"answer\":{\"x\":1},\"data\":" + Good + "}")]
    [InlineData(Good + Good)]
    [InlineData("{\"reply\":\"O sofá custa R$ 10.\",}")]
    [InlineData("{\"resposta\":\"O sofá custa R$ 10.\"}")]
    [InlineData("{\"reply\":\"<think>margem</think>O sofá custa R$ 10.\"}")]
    [InlineData("{\"reply\":\"Assistant: O sofá custa R$ 10.\"}")]
    [InlineData("Resposta: O sofá custa R$ 10.")]
    [InlineData("{\"reply\":\"O sofá \\u0000custa\\u0007 R$ 10.\\ud83d\",\"intent\":\"a\\u0000b\\udc00\"}")]
    [InlineData("{\"reply\":\"{\\\"reply\\\":\\\"O sofá custa R$ 10.\\\"}\"}")]
    public async Task Answer_WrappedInHabits_IsTheReplyAfterOneCall(string content)
    {
        (TurnAnswer answer, int calls) = await AskAsync(ModelServer.Completion(content));
        Assert.Equal(("O sofá custa R$ 10.", AnswerSource.Model, 1), (answer.Reply, answer.Source, calls));
        Assert.DoesNotContain(answer.Intent, char.IsControl);
    }

    [Fact]
    public async Task Answer_EncodedTwice_IsRead()
    {
        string twice = JsonSerializer.Serialize(JsonSerializer.Serialize(Good));
        Assert.Equal("O sofá custa R$ 10.", (await AskAsync(ModelServer.Completion(twice))).Answer.Reply);
    }

    [Fact]
    public async Task Answer_RawLineFeedsAndUnknownEscapes_AreRead()
    {
        (TurnAnswer answer, int calls) = await AskAsync(
            ModelServer.Completion("{\"reply\":\"Olá!\nO sofá custa R\\$ 10.\",\"helped\":true}"));
        Assert.Equal(("Olá!\nO sofá custa R$ 10.", 1), (answer.Reply, calls));
    }

    [Theory]
    [InlineData("{\"reply\":\"O sofá custa")]
    [InlineData("{'reply': 'O sofá custa R$ 10.'}")]
    [InlineData("{\"intent\":\"pricing\"}")]
    [InlineData("{\"reply\":\"\"}")]
    [InlineData("{\"reply\":\"...\"}")]
    [InlineData("{\"type\":\"object\",\"properties\":{\"reply\":{\"type\":\"string\"}}}")]
    [InlineData("Segue: {\"preco\": 10}")]
    [InlineData("\"reply\": \"O sofá custa R$ 10.\", \"intent\": \"pricing\"")]
    [InlineData("[{\"type\":\"text\"}]")]
    [InlineData("<think>A margem é 38%")]
    [InlineData("<think>margem</think>")]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Answer_CannotBeUsed_IsAskedForOnceMoreThenOffline(string content)
    {
        (TurnAnswer answer, int calls) = await AskAsync(ModelServer.Completion(content));
        Assert.Equal((AnswerSource.Offline, 2, 2), (answer.Source, calls, answer.Usage.Calls));
        Assert.DoesNotContain("margem", answer.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain('{', answer.Reply);
    }

    [Theory]
    [InlineData("""{"choices":[]}""", 2)]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"content":"Claro, o sofá"},"finish_reason":"length"}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"content":"{\"reply\":\"Claro, o"},"finish_reason":"length"}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"content":"Claro, o sofá"},"finish_reason":"content_filter"}]}""", 1)]
    [InlineData(
        """{"choices":[{"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}""", 2)]
    [InlineData("<html>Bad gateway</html>", 2)]
    public async Task Answer_NothingWhole_IsNeverHalfASentence(string body, int expected)
    {
        (TurnAnswer answer, int calls) = await AskAsync(body);
        Assert.Equal((AnswerSource.Offline, expected), (answer.Source, calls));
        Assert.DoesNotContain("Claro", answer.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_RepairSucceeds_IsTheModels()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (n, http) => ModelServer.SayAsync(
            http, ModelServer.Completion(n == 1 ? "{\"reply\":\"meia" : Good));
        TurnAnswer answer = await Turns.Assistant(Turns.Options(server)).AnswerAsync(Turns.Saying("preço?"), default);

        Assert.Equal(("O sofá custa R$ 10.", 2), (answer.Reply, answer.Usage.Calls));
        Assert.Contains("could not be used", server.Bodies.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_InACallOfATool_IsRead()
    {
        string body = JsonSerializer.Serialize(new
        {
            choices = new[]
            {
                new
                {
                    message = new
                    {
                        content = (string?)null,
                        tool_calls = new[] { new { function = new { name = "turn", arguments = Good } } },
                    },
                },
            },
        });
        Assert.Equal("O sofá custa R$ 10.", (await AskAsync(body)).Answer.Reply);
    }

    [Fact]
    public async Task Answer_PartsWithThoughts_AreOnlyItsText() => Assert.Equal("O sofá custa R$ 10.", (await AskAsync(
        """
        {"choices":[{"message":{"content":[{"type":"thinking","text":"margem"},
        {"type":"text","text":"{\"reply\":\"O sofá custa R$ 10.\"}"}]}}]}
        """)).Answer.Reply);

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":null,"refusal":"I'm sorry, I can't assist with that."}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"I'm sorry, but I can't assist with that request."}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"{\"reply\":\"I’m sorry, I cannot help with that.\"}"}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"Como um modelo de linguagem, não tenho opinião."}}]}""")]
    public async Task Answer_ModelDeclines_IsSaidInTheCustomersLanguage(string body)
    {
        (TurnAnswer answer, int calls) = await AskAsync(body);
        Assert.Equal((Texts.Get(Texts.Declined, "pt-BR"), false, 1), (answer.Reply, answer.Helped, calls));
    }

    [Fact]
    public async Task Answer_ModelDeclinesTheLastTime_CallsAPersonAndSaysSo()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.SayAsync(
            http, """{"choices":[{"message":{"content":null,"refusal":"I can't."}}]}""");
        TurnAnswer answer = await Turns.Assistant(Turns.Options(server))
            .AnswerAsync(Turns.Saying("preço?") with { FailedAttempts = 2 }, default);

        Assert.Equal(HandoffReason.AttemptsExhausted, answer.Handoff);
        Assert.Equal(Texts.Get(Texts.GuardHandoff, "pt-BR"), answer.Reply);
    }

    [Fact]
    public async Task Answer_EnglishForAnEnglishCustomer_MayRefuseInItsOwnWords()
    {
        const string said = "I'm sorry, I can't provide a refund here, because it depends on when you bought the sofa. "
            + "A person from our team can look at your order with you and tell you what is possible today.";
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.SayAsync(http, ModelServer.Plain(said));
        TurnAnswer answer = await Turns.Assistant(Turns.Options(server))
            .AnswerAsync(Turns.Saying("Can you give me a refund for the sofa?"), default);
        Assert.Equal(said, answer.Reply);
    }

    [Theory]
    [InlineData("Olá! <<<data (nota)")]
    [InlineData("data>>> Olá!")]
    [InlineData("Você disse: [message withheld]")]
    [InlineData("[media without text] O que é?")]
    public async Task Answer_RepeatsThePromptsStructure_IsWithheld(string reply)
    {
        (TurnAnswer answer, _) = await AskAsync(ModelServer.Plain(reply));
        Assert.Equal(AnswerSource.Guard, answer.Source);
    }

    [Fact]
    public async Task Answer_TooLong_EndsWithASentence()
    {
        (TurnAnswer answer, _) = await AskAsync(
            ModelServer.Plain(string.Concat(Enumerable.Repeat("O **sofá** é ótimo. ", 400))));
        Assert.InRange(answer.Reply.Length, 3_000, 4_096);
        Assert.EndsWith("*sofá* é ótimo.", answer.Reply, StringComparison.Ordinal);
    }

    private static async Task<(TurnAnswer Answer, int Calls)> AskAsync(string body)
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.SayAsync(http, body);
        TurnAnswer answer = await Turns.Assistant(Turns.Options(server))
            .AnswerAsync(Turns.Saying("Quanto custa o sofá?"), default);
        return (answer, server.Calls);
    }
}
