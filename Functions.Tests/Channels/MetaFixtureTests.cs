using System.Globalization;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>Every recorded body against the events that it must become.</summary>
public sealed class MetaFixtureTests
{
    private const string Bsuid = "US.13491208655302741918";
    private const string Wamid = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA=";

    // File -> number, kind, type, event id, text, whether the raw item is kept; of each event in order.
    private static readonly Dictionary<string, Expected[]> Table = new()
    {
        ["01-text.json"] = [Customer("text", "wamid.xyzxyz", "Body Text", raw: false)],
        ["02-image-with-url.json"] = [Customer("image", "wamid.xyzxyz", "")],
        ["03-voice.json"] = [Customer("audio", "wamid.xyzxyz", "")],
        ["05-document.json"] = [Customer("document", "wamid.xyzxyz", "caption")],
        ["06-sticker.json"] = [Customer("sticker", "wamid.xyzxyz", "")],
        ["08-contacts.json"] = [Customer("contacts", "wamid.xyzxyz", "Chandler Bing, Monica, Rachel Green")],
        ["09-interactive-button-reply.json"] = [Customer("interactive", "wamid.xyzxyz", "title")],
        ["11-template-button.json"] = [Customer("button", "wamid.xsidjw", "title")],
        ["12-template-button-no-context.json"] = [Customer("button", "wamid.xsidjx", "title")],
        ["13-reaction.json"] = [Notice("reaction", "😮")],
        ["15-unsupported.json"] = [Customer("unsupported", "wamid.xyzxyz", "")],
        ["16-unsupported-with-type.json"] = [Customer("unsupported", "wamid.xyzxyz", "")],
        ["18-reply-context.json"] = [Customer("text", "wamid.xyzxyz", "replied text")],
        ["19-ctwa-referral.json"] = [Customer("text", "wamid.ID", "BODY")],
        ["21-system-number-changed.json"] =
        [
            Customer("system", "wamid.xyzxyz==", "User A changed from 972987654321 to 972912345678") with
            {
                Kind = InboundKind.Notice, Identities = "phone:972987654321", Name = null,
            },
        ],
        ["22-edit.json"] =
        [
            new("106540352242922", InboundKind.Notice, "edit", Wamid, "Updated image caption", true, "16505551234",
                "phone:16505551234", null),
        ],
        // Its sender is a placeholder: neither a number nor an id.
        ["23-revoke.json"] =
        [
            new("<BUSINESS_PHONE_NUMBER_ID>", InboundKind.Unknown, "revoke", null, "", true, null, "", null),
        ],
        ["25-status-read.json"] = [Status("1122334455667", "wamid.xyzxyz:read")],
        ["26-status-failed-130472.json"] = [Status("1122334455667", "wamid.xyzxyz:failed") with { Raw = true }],
        ["28-status-group-participant.json"] = [Status("<BUSINESS_PHONE_NUMBER_ID>", "<WHATSAPP_MESSAGE_ID>:read")],
        ["29-status-sent-pmp.json"] = [Status("106540352242922", Wamid + ":sent")],
        ["31-status-delivered-bsuid-only.json"] = [Status("106540352242922", Wamid + ":delivered")],
        ["32-user-preferences.json"] =
        [
            new("106540352242922", InboundKind.Preference, "preference", null, "", true, "16505551234",
                "phone:16505551234", null),
        ],
        ["33-smb-message-echo.json"] =
        [
            new("106540352242922", InboundKind.Echo, "text",
                "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBIyNDlBOEI5QUQ4NDc0N0FCNjMA", "Texto de teste", false, "16505551234",
                "phone:16505551234", null),
        ],
        ["35-batch-2-entries-3-changes.json"] =
        [
            Customer("text", "wamid.batch1", "Body Text", raw: false),
            Customer("image", "wamid.batch2", ""),
            Status("1122334455667", "wamid.xyzxyz:read"),
            Status("9988776655443", "wamid.xyzxyz:read"),
        ],
    };

    public static TheoryData<string> Files => [.. Payloads.Meta];

    [Fact]
    public void Table_Files_AreAllOfThem() => Assert.Equal(Payloads.Meta, Table.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_Fixture_BecomesTheseEvents(string file)
    {
        IReadOnlyList<WebhookItem> items = Payloads.Items(Payloads.Read(file));
        Assert.Equal(Table[file], items.Select((item, index) => Expected.Of(item, Table[file][index].EventId is null)));
        Assert.All(items, i => Assert.Equal(Payloads.ReceivedAt, i.Event.ReceivedAt));
        Assert.All(items, i => Assert.Equal(Guid.Empty, i.Event.Tenant));
    }

    [Theory]
    [InlineData("01-text.json", "2023-10-11T16:53:43Z")]
    [InlineData("25-status-read.json", "2023-07-15T00:20:58Z")]
    [InlineData("32-user-preferences.json", "2024-11-15T21:22:01Z")]
    public void Read_Timestamp_IsTheProvidersOwn(string file, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
        Payloads.Items(Payloads.Read(file))[0].Event.SentAt);

    [Fact]
    public void Read_FailedStatus_CarriesItsCode() => Assert.Equal(
        new StatusReport("wamid.xyzxyz", "failed", null, "130472"),
        Payloads.Items(Payloads.Read("26-status-failed-130472.json"))[0].Event.Status);

    [Fact]
    public void Read_Resume_IsNoOptOut() =>
        Assert.False(Payloads.Items(Payloads.Read("32-user-preferences.json"))[0].Event.OptedOut);

    private static Expected Customer(string type, string id, string text, bool raw = true) => new(
        "1122334455667", InboundKind.Message, type, id, text, raw, "972987654321",
        $"bsuid:{Bsuid} phone:972987654321", "Test Name");

    private static Expected Notice(string type, string text) =>
        Customer(type, "wamid.xyzxyz", text) with { Kind = InboundKind.Notice };

    private static Expected Status(string number, string id) =>
        new(number, InboundKind.Status, "status", id, "", false, null, "", null);

    private sealed record Expected(
        string? Number, InboundKind Kind, string Type, string? EventId, string Text, bool Raw, string? Address,
        string Identities, string? Name)
    {
        public static Expected Of(WebhookItem item, bool isHashed)
        {
            InboundEvent e = item.Event;
            if (isHashed) Assert.Matches("^[0-9a-f]{64}$", e.EventId);
            return new(item.Address, e.Kind, e.Type, isHashed ? null : e.EventId, e.Text, e.Raw is not null, e.Address,
                string.Join(' ', e.Identities.Select(i => $"{i.Kind}:{i.Value}")), e.ProfileName);
        }
    }
}
