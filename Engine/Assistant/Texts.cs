using System.Resources;
using Vellarys.Accounts;

namespace Vellarys.Assistant;

/// <summary>
/// What the product itself says to customers, from <c>Texts*.resx</c>. Portuguese is the neutral language: what another
/// lacks is said in it.
/// </summary>
public static class Texts
{
    public const string Greeting = nameof(Greeting);
    public const string Thanks = nameof(Thanks);
    public const string Goodbye = nameof(Goodbye);
    public const string Identity = nameof(Identity);
    public const string CustomerAsked = nameof(CustomerAsked);
    public const string Complaint = nameof(Complaint);
    public const string HotLead = nameof(HotLead);
    public const string CannotOpenMedia = nameof(CannotOpenMedia);
    public const string Unknown = nameof(Unknown);
    public const string UnknownHandoff = nameof(UnknownHandoff);
    public const string FromKnowledge = nameof(FromKnowledge);
    public const string GuardRefusal = nameof(GuardRefusal);
    public const string GuardHandoff = nameof(GuardHandoff);
    public const string Withheld = nameof(Withheld);

    /// <summary>The model refuses to answer this.</summary>
    public const string Declined = nameof(Declined);

    /// <summary>No answer came about, whatever was tried: a person will look at it.</summary>
    public const string CouldNotAnswer = nameof(CouldNotAnswer);

    /// <summary>The customer asked for no more messages.</summary>
    public const string OptOutConfirmed = nameof(OptOutConfirmed);

    /// <summary>The customer wants messages again.</summary>
    public const string OptInConfirmed = nameof(OptInConfirmed);

    /// <summary>A person will answer; said once while the customer waits.</summary>
    public const string HandoffWaiting = nameof(HandoffWaiting);

    /// <summary>A person has taken the conversation over.</summary>
    public const string HumanTookOver = nameof(HumanTookOver);

    /// <summary>After a conversation: how likely from 0 to 10.</summary>
    public const string SurveyAskNps = nameof(SurveyAskNps);

    /// <summary>After a conversation: how satisfied from 1 to 5.</summary>
    public const string SurveyAskCsat = nameof(SurveyAskCsat);

    /// <summary>Thanks for the score, and asks for its reason.</summary>
    public const string SurveyAskWhy = nameof(SurveyAskWhy);

    /// <summary>The survey is answered.</summary>
    public const string SurveyThanks = nameof(SurveyThanks);

    private static readonly ResourceManager Resources = new("Vellarys.Assistant.Texts", typeof(Texts).Assembly);

    /// <summary>The text of a key in a language: <c>pt-BR</c>, <c>es</c>, <c>en</c> or any of their regions.</summary>
    public static string Get(string key, string locale) =>
        Resources.GetString(key, Cultures.Of(locale))
        ?? throw new ArgumentException($"There is no text '{key}'.", nameof(key));
}
