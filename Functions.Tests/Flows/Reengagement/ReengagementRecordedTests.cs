using Vellarys.Flows.Reengagement;
using Xunit;

namespace Vellarys.Tests.Flows.Reengagement;

/// <summary>
/// Silent customers as earlier releases stored them: every later release must read them and come to the same.
/// </summary>
public sealed class ReengagementRecordedTests
{
    private const string Folder = "Functions.Tests/Flows/Reengagement/recorded/";

    public static TheoryData<string> Logs => RecordedLog.In(Folder);

    [Theory]
    [MemberData(nameof(Logs))]
    public void Log_Replayed_ComesToTheSame(string path) => RecordedLog.Replay(path, new ReengagementKind());

    [Fact]
    public void Logs_Together_LeadThroughEveryState() =>
        Assert.Equal(["Over", "Silent"], RecordedLog.StatesIn(Folder));
}
