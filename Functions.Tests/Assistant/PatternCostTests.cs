using System.Text.RegularExpressions;
using Vellarys.Assistant;
using Vellarys.Assistant.Guard;
using Vellarys.Conversations.OptOut;
using Vellarys.Flows.Survey;
using Vellarys.Tests.Architecture;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Assistant;

/// <summary>No text costs more than its length, whoever wrote it and however many messages it came in.</summary>
public sealed class PatternCostTests
{
    private const int LongestMessage = 4_096;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Pattern_OnItsOwnWordsRepeated_IsDoneInNoTime() => Rule.Holds(
        from found in ProductPatterns.All
        from text in HostileTexts.For(found.Pattern, LongestMessage).Concat(HostileTexts.Known(LongestMessage))
        where !IsQuick(found.Pattern, text)
        select $"{found.Name}: {text[..40]}");

    [Theory]
    [InlineData("guard")]
    [InlineData("offline")]
    [InlineData("reply")]
    [InlineData("survey")]
    [InlineData("wish")]
    public void Inspection_OfABurst_CostsWhatItsMessagesCost(string inspection)
    {
        Action<int, string> inspect = Inspection(inspection);
        Rule.Holds(
            from text in HostileTexts.Known(LongestMessage)
            where !IsLinear(messages => inspect(messages, text))
            select $"{inspection}: {text[..40]}");
    }

    // What it costs once its code is there: the first runs compile some, and better as they go on.
    private static bool IsQuick(Regex pattern, string text)
    {
        for (int run = 0; run < 5; run++)
        {
            bool isBrokenOff = false;
            TimeSpan cost = ThreadCpu.Of(() => isBrokenOff = Patterns.Read(() => Runs(pattern, text), true));
            // Broken off by the clock while others had the processor: the next run will do.
            if (!isBrokenOff && cost < Limit) return true;
        }

        return false;
    }

    private static bool Runs(Regex pattern, string text)
    {
        _ = pattern.IsMatch(text);
        return false;
    }

    // Eight times the messages: eight times the cost, where sixty-four would be its square.
    private static bool IsLinear(Action<int> inspect)
    {
        inspect(1);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            TimeSpan few = ThreadCpu.Of(() => inspect(8));
            TimeSpan many = ThreadCpu.Of(() => inspect(64));
            if (many < 24 * few || many < Limit) return true;
        }

        return false;
    }

    private static Action<int, string> Inspection(string name) => name switch
    {
        "guard" => (messages, text) => _ = TurnGuard.InspectInput(Joined(messages, text)),
        "offline" => (messages, text) => _ = OfflineAssistant.Answer(
            Turns.With([.. Enumerable.Repeat(Turns.Said(text), messages)], Turns.Shop)),
        "reply" => (messages, text) => _ = OutputGuard.Inspect(
            text, Turns.With([.. Enumerable.Repeat(new TurnLine(TurnSpeaker.Staff, text), messages)]), ""),
        "wish" => (messages, text) =>
        {
            string all = Joined(messages, text);
            _ = OptOutWish.Read(all, isChoice: false);
            _ = OptOutWish.AsksBesides(all);
        },
        _ => (messages, text) =>
        {
            string all = Joined(messages, text);
            _ = SurveyAnswer.Read(all, SurveyKind.Nps);
            _ = SurveyComment.Of(all);
            _ = OtherBusiness.IsIn(all);
        },
    };

    private static string Joined(int messages, string text) => string.Join('\n', Enumerable.Repeat(text, messages));
}
