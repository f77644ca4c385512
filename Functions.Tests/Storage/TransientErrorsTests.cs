using System.Net.Sockets;
using Npgsql;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class TransientErrorsTests
{
    /// <summary>The SQLSTATE; may pass; hits every item; what it means for a message.</summary>
    [Theory]
    [InlineData("08006", true, true, "outage")] // connection failure
    [InlineData("22001", false, false, "refused")] // text too long
    [InlineData("22021", false, false, "refused")] // NUL in a text
    [InlineData("23505", false, false, "refused")] // unique violation
    [InlineData("25P03", false, false, "again")] // idle in transaction timeout
    [InlineData("40001", true, false, "again")] // serialization failure
    [InlineData("40P01", true, false, "outage")] // deadlock
    [InlineData("42501", false, false, "again")] // insufficient privilege
    [InlineData("42P01", false, false, "again")] // undefined table: an older schema
    [InlineData("53100", true, true, "outage")] // disk full
    [InlineData("53300", true, true, "outage")] // too many connections
    [InlineData("55006", true, false, "again")] // object in use
    [InlineData("55P03", true, false, "outage")] // lock not available
    [InlineData("57014", true, true, "outage")] // statement cancelled
    [InlineData("57P01", true, true, "outage")] // server shuts down
    [InlineData("57P03", true, true, "outage")] // server starts
    [InlineData("58000", true, true, "outage")] // system error
    [InlineData("58P01", true, true, "outage")] // a file of the server is missing
    [InlineData("P0001", false, false, "again")] // raised by a function
    public void Classify_SqlState_AnswersEachQuestion(string state, bool mayPass, bool hitsEveryItem, string meaning)
    {
        var e = new PostgresException("words", "ERROR", "ERROR", state);

        Assert.Equal((mayPass, hitsEveryItem), (TransientErrors.MayPass(e), TransientErrors.HitsEveryItem(e)));
        Assert.Equal(meaning, MeaningOf(TransientErrors.Translate(e)));
        Assert.Equal(state, TransientErrors.Code(e));
    }

    public static TheoryData<Exception, bool, bool> Exceptions { get; } = new()
    {
        { new NpgsqlException("gone"), true, true },
        { new NpgsqlException("gone", new IOException()), true, true },
        { new TimeoutException(), true, true },
        { new IOException(), true, true },
        { new SocketException(), true, true },
        { new OperationCanceledException(), false, true },
        { new ObjectDisposedException("connection"), true, false },
        { new InvalidOperationException { Source = "Npgsql" }, true, false },
        { new InvalidOperationException(), false, false },
        { new FormatException(), false, false },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Classify_Exception_AnswersEachQuestion(Exception e, bool mayPass, bool hitsEveryItem) => Assert.Equal(
        (mayPass, hitsEveryItem), (TransientErrors.MayPass(e), TransientErrors.HitsEveryItem(e)));

    [Fact]
    public void Translate_LostConnection_IsNobodysFault() =>
        Assert.Equal("outage", MeaningOf(TransientErrors.Translate(new NpgsqlException("gone"))));

    private static string MeaningOf(Exception translated) => translated switch
    {
        PermanentFault => "refused",
        TransientFault { IsOutage: true } => "outage",
        _ => "again",
    };
}
