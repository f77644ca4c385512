namespace Vellarys.Flows.Kernel;

/// <summary>How the kernel's enums are written in rows.</summary>
internal static class FlowLabels
{
    public static string Of(FlowListens listens) => listens switch
    {
        FlowListens.Message => "message",
        FlowListens.Answer => "answer",
        _ => "nothing",
    };

    public static FlowListens Listens(string label) => label switch
    {
        "message" => FlowListens.Message,
        "answer" => FlowListens.Answer,
        _ => FlowListens.Nothing,
    };
}
