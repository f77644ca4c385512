using System.Text.Json;
using Vellarys.Assistant;
using Vellarys.Assistant.Offline;
using Vellarys.Conversations.Answering;

namespace Vellarys.Flows.Survey;

/// <summary>Tells the answer to a survey from everything else that the customer may write instead.</summary>
internal sealed class SurveyInterceptor : IReplyInterceptor
{
    public string Flow => SurveyEffects.FlowName;

    public bool Takes(string state, string text)
    {
        if (OtherBusiness.IsIn(text)) return false;
        return Read(state) switch
        {
            SurveyState.Asked asked => SurveyAnswer.Read(text, asked.Kind) is not null,
            // Thanks for the thanks are small talk; a "no" is an answer.
            SurveyState.AskedWhy => text.Any(char.IsLetterOrDigit)
                && !SmallTalk.IsThanks(TextFold.Fold(text)),
            _ => false,
        };
    }

    private static SurveyState? Read(string state)
    {
        try
        {
            return JsonSerializer.Deserialize(state, SurveyJson.Default.SurveyState);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null; // A newer release's state: the customer is answered.
        }
    }
}
