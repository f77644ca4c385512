using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Survey;

/// <summary>What a survey wants done. The names are stored with the events.</summary>
internal abstract record SurveyCommand : FlowCommand
{
    private SurveyCommand()
    {
    }

    /// <param name="Template">To be sent instead of free text; null inside the window.</param>
    public sealed record AskScore(SurveyKind Kind, string? Template, string TemplateLanguage) : SurveyCommand;

    /// <summary>Thanks for the score and asks for its reason.</summary>
    public sealed record AskWhy(Guid Conversation) : SurveyCommand;

    /// <summary>Keeps the answer; a second one completes or corrects the first.</summary>
    /// <param name="Score">Null where only a comment came.</param>
    public sealed record StoreAnswer(SurveyKind Kind, int? Score, string? Comment, Guid? Agent) : SurveyCommand;

    public sealed record Thank(Guid Conversation) : SurveyCommand;

    /// <summary>The conversation was about the survey only, so nobody needs to look at it.</summary>
    public sealed record CloseSurveyTalk(Guid Conversation) : SurveyCommand;
}
