using System.Text;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>What models and imitations of the API really send.</summary>
public sealed class ModelReplyReaderTests
{
    [Fact]
    public void Read_EverythingAsAsked_IsTakenOver()
    {
        ModelReply reply = Content(
            """
            {"reply":" Fechado! ","intent":"buy","sentiment":"positive","qualification":"hot","score":92,
            "fields":[{"name":"city","value":"Curitiba"},{"name":"budget","value":"3000"}],
            "handoff":"hot_lead","helped":true,"summary":"Quer o sofá."}
            """);
        Assert.Equal("Fechado!", reply.Reply);
        Assert.Equal(("buy", Sentiment.Positive), (reply.Intent, reply.Sentiment));
        Assert.Equal((Qualification.Hot, 92), (reply.Qualification, reply.Score));
        Assert.Equal((true, HandoffReason.HotLead), (reply.WantsHandoff, reply.Handoff));
        Assert.Equal((true, "Quer o sofá."), (reply.Helped, reply.Summary));
        Assert.Equal("Curitiba", reply.Fields["city"]);
        Assert.Equal("3000", reply.Fields["budget"]);
        Assert.Equal((120, 30), (reply.InputTokens, reply.OutputTokens));
    }

    [Theory]
    [InlineData("""{"reply":"ok","qualified":true,"score":95}""", Qualification.Hot, 95)]
    [InlineData("""{"reply":"ok","qualified":true,"score":72}""", Qualification.Warm, 72)]
    [InlineData("""{"reply":"ok","qualified":false,"score":5}""", Qualification.Cold, 5)]
    [InlineData("""{"reply":"ok","qualified":"true","score":"81.6"}""", Qualification.Hot, 82)]
    [InlineData("""{"reply":"ok","qualification":"HOT"}""", Qualification.Hot, null)]
    [InlineData("""{"reply":"ok","qualification":"lukewarm","score":400}""", Qualification.Unknown, 100)]
    [InlineData("""{"reply":"ok","qualification":3}""", Qualification.Hot, null)]
    [InlineData("""{"reply":"ok","qualification":null,"score":null}""", Qualification.Unknown, null)]
    [InlineData("""{"reply":"ok"}""", Qualification.Unknown, null)]
    public void Read_Qualification_InAnyForm(string content, Qualification expected, int? score)
    {
        ModelReply reply = Content(content);
        Assert.Equal((expected, score), (reply.Qualification, reply.Score));
    }

    [Theory]
    [InlineData("false", false, null)]
    [InlineData("null", false, null)]
    [InlineData("\"\"", false, null)]
    [InlineData("\"none\"", false, null)]
    [InlineData("true", true, null)]
    [InlineData("\"customer_asked\"", true, HandoffReason.CustomerAsked)]
    [InlineData("\"CustomerAsked\"", true, HandoffReason.CustomerAsked)]
    [InlineData("\"complaint\"", true, HandoffReason.Complaint)]
    [InlineData("\"something else\"", true, HandoffReason.AssistantUnsure)]
    [InlineData("""{"reason":"hot_lead"}""", true, HandoffReason.HotLead)]
    [InlineData("""{"needed":false,"reason":"hot_lead"}""", false, null)]
    public void Read_Handoff_InAnyForm(string handoff, bool wanted, HandoffReason? reason)
    {
        ModelReply reply = Content($$"""{"reply":"ok","handoff":{{handoff}}}""");
        Assert.Equal((wanted, reason), (reply.WantsHandoff, reply.Handoff));
    }

    [Theory]
    [InlineData("""{"city":"Lisboa","people":3,"pets":true,"nested":{"a":1}}""", "city=Lisboa people=3 pets=true")]
    [InlineData("""[{"name":"city","value":"Lisboa"},{"name":"","value":"x"},"odd",7]""", "city=Lisboa")]
    [InlineData("\"text\"", "")]
    [InlineData("null", "")]
    public void Read_Fields_InAnyForm(string fields, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Content($$"""{"reply":"ok","fields":{{fields}}}""").Fields.Select(f => $"{f.Key}={f.Value}")));

    [Theory]
    [InlineData("Abrimos às 9h.", "Abrimos às 9h.")]
    [InlineData("```json\n{\"reply\":\"Olá!\"}\n```", "Olá!")]
    [InlineData("```\n{\"reply\":\"Olá!\"}\n```", "Olá!")]
    [InlineData("  {\"reply\":\"Olá!\",\"next_step\":\"ask\",\"extra\":[1,2]}  ", "Olá!")]
    [InlineData("{\"reply\":\"a [ref:c1.s2] ção 🙂\"}", "a [ref:c1.s2] ção 🙂")]
    public void Read_TextOrFencedJson_IsTheReply(string content, string reply) =>
        Assert.Equal(reply, Content(content).Reply);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{\"reply\":\"\"}")]
    [InlineData("{\"intent\":\"buy\"}")]
    [InlineData("{\"reply\":\"half an ans")]
    public void Read_NothingToSay_MayBeTriedAgain(string content) =>
        Assert.Throws<TransientFault>(() => Content(content));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"choices\":[{}]}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":null}}]}")]
    [InlineData("{\"choices\":[7]}")]
    public void Read_NoAnswerAtAll_MayBeTriedAgain(string body) => Assert.Throws<TransientFault>(() => Body(body));

    [Fact]
    public void Read_ContentInParts_IsPutTogether() => Assert.Equal("Olá!", Body(
        """{"choices":[{"message":{"content":[{"type":"text","text":"{\"reply\":"},{"text":"\"Olá!\"}"}]}}]}""").Reply);

    [Fact]
    public void Read_Refusal_IsAnAnswerThatDidNotHelp()
    {
        ModelReply reply = Body("""{"choices":[{"message":{"content":null,"refusal":"Não posso."}}]}""");
        Assert.Equal(("Não posso.", false), (reply.Reply, reply.Helped));
    }

    [Fact]
    public void Read_ContentFilter_IsNotTriedAgain() => Assert.Throws<PermanentFault>(
        () => Body("""{"choices":[{"finish_reason":"content_filter","message":{"content":""}}]}"""));

    private static ModelReply Content(string content) => Body(ModelServer.Completion(content));

    private static ModelReply Body(string body) => ModelReplyReader.Read(Encoding.UTF8.GetBytes(body));
}
