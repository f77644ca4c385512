using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels.Dialog360;

/// <summary>Every recorded body against what a person would say that it is.</summary>
public sealed class Dialog360FixtureTests
{
    // File -> kind, type, text, who, the file's kind and id, one of the details; of each event in order.
    private static readonly Dictionary<string, string[]> Table = new()
    {
        ["01-text.json"] = ["Message text 'Hello World' phone:5678"],
        ["02-text-with-user-id.json"] = ["Message text 'Hello World' bsuid:US.1234 phone:5678"],
        ["03-text-bsuid-no-from.json"] = ["Message text 'Hello World' bsuid:US.1234"],
        // Nobody is named: kept, with nobody to answer.
        ["05-text-no-sender.json"] = ["Unknown text ''"],
        ["06-text-duplicate-in-batch.json"] =
            ["Message text 'Hello World' phone:5678", "Message text 'Hello World' phone:5678"],
        ["08-voice-legacy.json"] = ["Message audio '' phone:5678 [audio id_voice audio/ogg voice] voice=yes"],
        ["09-audio.json"] = ["Message audio 'Check out my new phone!' phone:5678 [audio id_audio image/jpeg]"],
        ["11-document.json"] =
            ["Message document '80skaraokesonglistartist' phone:5678 [document id_document application/pdf]"],
        ["12-location.json"] = ["Message location '0.0,1.0 Main Street Beach' phone:5678 place.name=Main Street Beach"],
        ["13-template-button.json"] =
            ["Message button 'No' phone:5678 button.payload=No-Button-Payload > gBGGFmkiWVVPAgkgQkwi7IORac0"],
        ["15-interactive-list-reply.json"] = ["Message interactive 'Yes' phone:5678 choice.id=id_list_reply"],
        ["16-interactive-nfm-reply.json"] = ["Message interactive 'Sent' phone:5678 form=flow"],
        ["18-status-sent.json"] = ["Status sent"],
        ["19-status-failed-131014.json"] = ["Status failed 131014"],
        ["21-value-errors-only.json"] = ["Unknown messages ''"],
        ["22-group-message.json"] = ["Notice group '' phone:5678"],
        ["23-invalid-timestamp.json"] = ["Unknown text ''"],
    };

    public static TheoryData<string> Files => [.. Payloads.Dialog360];

    [Fact]
    public void Table_Files_AreAllOfThem() =>
        Assert.Equal(Payloads.Dialog360, Table.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_Fixture_BecomesTheseEvents(string file)
    {
        IReadOnlyList<WebhookItem> items = Payloads.Items(Payloads.Read(file, "360dialog"));
        Assert.All(items, i => Assert.Equal("1234567890", i.Address));
        Assert.Equal(Table[file], items.Select(i => Say(i.Event)));
    }

    private static string Say(InboundEvent e)
    {
        if (e.Status is { } status) return $"Status {status.State} {status.ErrorCode}".TrimEnd();
        string who = string.Concat(e.Identities.Select(i => $" {i.Kind}:{i.Value}"));
        string file = e.Media is { } m ? $" [{m.Kind} {m.Reference} {m.MimeType}{(m.IsVoice ? " voice" : "")}]" : "";
        string detail = e.Details is [{ } first, ..] ? $" {first.Name}={first.Value}" : "";
        return $"{e.Kind} {e.Type} '{e.Text}'{who}{file}{detail}{(e.RefersTo is { } to ? " > " + to : "")}";
    }
}
