using Vellarys.Flows.Handoff;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

/// <summary>
/// Handoffs as earlier releases stored them: every later release must read them and come to the same.
/// </summary>
public sealed class HandoffRecordedTests
{
    private const string Folder = "Functions.Tests/Flows/Handoff/recorded/";

    public static TheoryData<string> Logs => RecordedLog.In(Folder);

    [Theory]
    [MemberData(nameof(Logs))]
    public void Log_Replayed_ComesToTheSame(string path) =>
        RecordedLog.Replay(path, new HandoffKind(new HandoffEffects(new SilentRealtime())));

    [Fact]
    public void Logs_Together_LeadThroughEveryState() =>
        Assert.Equal(["Attended", "Offered", "Over", "Seeking"], RecordedLog.StatesIn(Folder));
}
