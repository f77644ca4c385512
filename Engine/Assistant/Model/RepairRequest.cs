namespace Vellarys.Assistant.Model;

/// <summary>The request once more, with what was wrong with its answer.</summary>
internal static class RepairRequest
{
    private const string Form =
        "Your last answer could not be used. Answer again with nothing but the one JSON object that is asked for: no "
        + "text before or after it, no code fence, no tool call. Its reply must not be empty.";

    private const string Short =
        "Your last answer was cut off by its length. Answer again with nothing but the one JSON object that is asked "
        + "for, and keep its reply under 60 words.";

    public static ModelRequest Of(ModelRequest request, string code) => request with
    {
        Messages =
        [
            .. request.Messages,
            new ModelMessage(ModelRole.System, code == ModelFaults.Cut ? Short : Form),
        ],
    };
}
