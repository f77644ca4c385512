using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.Media;
using Vellarys.Conversations.Inbox;
using Vellarys.Conversations.Ownership;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Channels.Media;

/// <summary>A customer's file from the webhook's event to staff, and staff's to the customer.</summary>
public sealed class MediaTests : IAsyncLifetime
{
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[5_000]];
    private readonly string _folder =
        Path.Combine(Path.GetTempPath(), $"media-{Ids.New(TimeProvider.System):N}");
    private MediaOptions _options = null!;
    private FileMediaStore _store = null!;
    private Pipeline _pipeline = null!;

    public async Task InitializeAsync()
    {
        _options = new MediaOptions { Folder = _folder, MaxBytes = 100_000 };
        _store = new FileMediaStore(_options);
        _pipeline = await Pipeline.StartAsync(files: _store);
        _pipeline.Add(Fetch());
    }

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Picture_ComesWithAMessage_IsThereForStaffByItsContent()
    {
        _pipeline.Provider.Download = media => media.Reference == "ref.1"
            ? new MediaDownload.Opened(new MemoryStream(Picture), "application/pdf", Picture.Length)
            : new MediaDownload.Gone("none");
        await ReceiveAsync("ref.1");
        await ReceiveAsync("ref.1", id: "wamid.picture");
        Assert.Equal(1, await _pipeline.RunAsync(Queues.ImageAnalysis));

        MessageRow row = await MessageAsync();
        Assert.Equal(
            ("stored", "image/jpeg", Picture.Length),
            (row.Media!.Value.GetProperty("state").GetString(), row.Media.Value.GetProperty("mimeType").GetString(),
                row.Media.Value.GetProperty("sizeBytes").GetInt32()));
        await using Stream? file = await OpenAsync(row.Media.Value.GetProperty("id").GetGuid());
        using var read = new MemoryStream();
        await file!.CopyToAsync(read);
        Assert.Equal(Picture, read.ToArray());
        // The address at the provider may be a secret: it is not kept longer than it is needed.
        Assert.Equal(0, await _pipeline.ScalarAsync<long>("select count(*) from media where reference is not null"));
    }

    [Fact]
    public async Task File_ProviderHasTrouble_IsAskedForAgainAndComes()
    {
        int asked = 0;
        _pipeline.Provider.Download = _ => asked++ switch
        {
            0 => new MediaDownload.NotNow("429", TimeSpan.FromMinutes(1)),
            1 => new MediaDownload.Opened(new BrokenStream(Picture, 2_000), null, null),
            _ => new MediaDownload.Opened(new MemoryStream(Picture), null, null),
        };
        await ReceiveAsync("ref.1");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, await _pipeline.RunAsync(Queues.ImageAnalysis));
            await _pipeline.TravelAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Equal("stored", await StateAsync());
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task File_TooLargeOrNotWhatItSays_IsRefusedWithTheReasonAndLeavesNothing()
    {
        byte[] large = [.. Picture, .. new byte[200_000]];
        _pipeline.Provider.Download = media => new MediaDownload.Opened(
            new MemoryStream(media.Reference == "large" ? large : "<html>"u8.ToArray()), "image/jpeg", null);
        await ReceiveAsync("large");
        await ReceiveAsync("page");
        await _pipeline.RunAsync(Queues.ImageAnalysis);

        Assert.Equal(
            ["refused too_large", "refused type"],
            await _pipeline.ListAsync<string>("select state || ' ' || reason from media order by reason"));
        Assert.False(
            Directory.Exists(_folder) && Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task File_OfAMessageThatWasTakenBack_IsGone()
    {
        _pipeline.Provider.Download =
            _ => new MediaDownload.Opened(new MemoryStream(Picture), "image/jpeg", Picture.Length);
        await ReceiveAsync("ref.1");
        await _pipeline.RunAsync(Queues.ImageAnalysis);
        Guid id = await _pipeline.ScalarAsync<Guid>("select id from media");
        InboundEvent revoke = _pipeline.Message("5511987650001", "", "wamid.revoke") with
        {
            Kind = InboundKind.Notice, Type = "revoke", RefersTo = "wamid.picture",
        };
        await _pipeline.RecordAsync(revoke);

        Assert.Equal("deleted", await StateAsync());
        await Prune().RunAsync(default);
        Assert.Null(await OpenAsync(id));
    }

    [Fact]
    public async Task Old_Files_AreDeletedAndSaySo()
    {
        _pipeline.Provider.Download =
            _ => new MediaDownload.Opened(new MemoryStream(Picture), "image/jpeg", Picture.Length);
        await ReceiveAsync("ref.1");
        await _pipeline.RunAsync(Queues.ImageAnalysis);
        Guid id = await _pipeline.ScalarAsync<Guid>("select id from media");
        await Prune().RunAsync(default);
        Assert.Equal("stored", await StateAsync());

        await _pipeline.ExecuteAsync("update media set stored_at = stored_at - interval '400 days'");
        await Prune().RunAsync(default);
        Assert.Equal("deleted", await StateAsync());
        Assert.Null(await OpenAsync(id));
    }

    [Fact]
    public async Task Upload_SentByStaff_ReachesTheProviderWithItsBytesOnce()
    {
        _pipeline.Provider.Abilities = OutboundKinds.Media;
        ConversationId conversation = await TakenOverAsync();
        var media = Ids.New(TimeProvider.System);
        UploadResult stored = await Upload().RunAsync(
            _pipeline.Tenant.Id, new UploadInput(media, "image", false, "foto.jpg", "image/jpeg"),
            new MemoryStream(Picture), default);
        Assert.IsType<UploadResult.Stored>(stored);
        ReplyContent content = new("image", new OutboundContent.Media("image", media), null, media);
        StaffReply reply = await _pipeline.ReplyAsStaff.RunAsync(
            _pipeline.Tenant.Id, conversation, "Veja", default, content);
        Assert.IsType<StaffReply.Queued>(reply);
        await _pipeline.SettleAsync();

        OutboundMessage sent = _pipeline.Provider.Sends.Last();
        Assert.Equal(("Veja", "foto.jpg", "image/jpeg"), (sent.Text, sent.File!.Name, sent.File.MimeType));
        await using Stream file = await sent.File.OpenAsync(default);
        Assert.Equal(Picture.Length, file.Length);
        // The same upload does not go out with another message.
        Assert.Equal(
            "media_not_sendable",
            Assert.IsType<StaffReply.Refused>(await _pipeline.ReplyAsStaff.RunAsync(
                _pipeline.Tenant.Id, conversation, "De novo", default, content)).Code);
    }

    [Fact]
    public async Task Buttons_WhereTheProviderHasNone_GoAsText()
    {
        ConversationId conversation = await TakenOverAsync();
        OutboundContent.Choice[] choices = [new("s", "Sim"), new("n", "Não")];
        await _pipeline.ReplyAsStaff.RunAsync(
            _pipeline.Tenant.Id, conversation, "Confirma?", default,
            new ReplyContent("buttons", new OutboundContent.Buttons(choices), null, null));
        await _pipeline.SettleAsync();
        OutboundMessage text = _pipeline.Provider.Sends.Last();
        Assert.Equal(("Confirma?\n\n1. Sim\n2. Não", null), (text.Text, text.Content));

        _pipeline.Provider.Abilities = OutboundKinds.Buttons;
        await _pipeline.ReplyAsStaff.RunAsync(
            _pipeline.Tenant.Id, conversation, "Confirma?", default,
            new ReplyContent("buttons", new OutboundContent.Buttons(choices), null, null));
        await _pipeline.SettleAsync();
        OutboundMessage buttons = _pipeline.Provider.Sends.Last();
        Assert.Equal(choices, Assert.IsType<OutboundContent.Buttons>(buttons.Content).Options);
    }

    [Fact]
    public async Task Upload_SameIdAgain_IsTheSameOrRefused()
    {
        var input = new UploadInput(Ids.New(TimeProvider.System), "image", false, null, "image/jpeg");
        UploadMedia upload = Upload();
        TenantId tenant = _pipeline.Tenant.Id;
        Assert.IsType<UploadResult.Stored>(await upload.RunAsync(tenant, input, new MemoryStream(Picture), default));
        Assert.IsType<UploadResult.Stored>(await upload.RunAsync(tenant, input, new MemoryStream(Picture), default));
        byte[] other = [.. Picture[..^1], 1];
        Assert.Equal("id_taken", Assert.IsType<UploadResult.Refused>(
            await upload.RunAsync(tenant, input, new MemoryStream(other), default)).Code);
    }

    [Fact]
    public async Task Upload_TwoAtOnceUnderOneId_AreNeverMixed()
    {
        var input = new UploadInput(Ids.New(TimeProvider.System), "image", false, null, "image/jpeg");
        byte[] other = [.. Picture[..^1], 1];
        UploadResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => Upload().RunAsync(
            _pipeline.Tenant.Id, input, new MemoryStream(n % 2 == 0 ? Picture : other), default))));

        UploadResult.Stored stored = results.OfType<UploadResult.Stored>().First();
        await using Stream file = (await OpenAsync(input.Id))!;
        Assert.Equal(stored.Row.Sha256, await System.Security.Cryptography.SHA256.HashDataAsync(file));
        Assert.All(results.OfType<UploadResult.Stored>(), r => Assert.Equal(stored.Row.Sha256, r.Row.Sha256));
    }

    [Fact]
    public async Task Upload_WhoseHostDied_HasItsIdFreeAfterAnHour()
    {
        var input = new UploadInput(Ids.New(TimeProvider.System), "image", false, null, "image/jpeg");
        Assert.True(await Rows().BeginUploadAsync(_pipeline.Tenant.Id, input, default));
        Task<UploadResult> AgainAsync() =>
            Upload().RunAsync(_pipeline.Tenant.Id, input, new MemoryStream(Picture), default);
        Assert.Equal("upload_under_way", Assert.IsType<UploadResult.Refused>(await AgainAsync()).Code);
        await _pipeline.ExecuteAsync("update media set created_at = created_at - interval '61 minutes'");
        Assert.IsType<UploadResult.Stored>(await AgainAsync());
        Assert.IsType<UploadResult.Stored>(await AgainAsync());
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_LeavesNothingAndItsIdFree()
    {
        var input = new UploadInput(Ids.New(TimeProvider.System), "image", false, null, "image/jpeg");
        await Assert.ThrowsAsync<IOException>(() => Upload().RunAsync(
            _pipeline.Tenant.Id, input, new BrokenStream(Picture, 2_000), default));
        Assert.Equal(0, await _pipeline.ScalarAsync<long>("select count(*) from media"));
        Assert.IsType<UploadResult.Stored>(await Upload().RunAsync(
            _pipeline.Tenant.Id, input, new MemoryStream(Picture), default));
    }

    [Fact]
    public async Task File_WhoseQueueMessageIsLost_IsAskedForAgain()
    {
        _pipeline.Provider.Download =
            _ => new MediaDownload.Opened(new MemoryStream(Picture), "image/jpeg", Picture.Length);
        await ReceiveAsync("ref.1");
        await _pipeline.ExecuteAsync(
            "delete from queue_messages; update media set created_at = created_at - interval '11 minutes'");
        await Prune().RunAsync(default);
        await Prune().RunAsync(default);
        Assert.Equal(1, await _pipeline.RunAsync(Queues.ImageAnalysis));
        Assert.Equal("stored", await StateAsync());
    }

    [Fact]
    public async Task File_FetchedTwiceAtOnce_IsThereAfterBoth()
    {
        await ReceiveAsync("ref.1");
        TestDelivery first = Assert.Single(await _pipeline.TakeAsync(Queues.ImageAnalysis));
        TestDelivery second = Assert.Single(await _pipeline.TakeAsync(Queues.ImageAnalysis));
        int asked = 0;
        TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _pipeline.Provider.Download = _ =>
        {
            if (Interlocked.Increment(ref asked) == 2) both.SetResult();
            return new MediaDownload.Opened(new WaitingStream(Picture, both.Task), "image/jpeg", Picture.Length);
        };
        await Task.WhenAll(_pipeline.HandleAsync(first), _pipeline.HandleAsync(second));

        Assert.Equal("stored", await StateAsync());
        await using Stream? file = await OpenAsync(await _pipeline.ScalarAsync<Guid>("select id from media"));
        Assert.Equal(Picture.Length, file!.Length);
    }

    [Fact]
    public async Task Reply_WhatIsNotSent_KeepsItsUpload()
    {
        _pipeline.Provider.Abilities = OutboundKinds.Media;
        ConversationId conversation = await TakenOverAsync();
        var media = Ids.New(TimeProvider.System);
        await Upload().RunAsync(
            _pipeline.Tenant.Id, new UploadInput(media, "image", false, null, "image/jpeg"),
            new MemoryStream(Picture), default);
        async Task<string> CodeAsync(string kind, string? quotes) => await _pipeline.ReplyAsStaff.RunAsync(
            _pipeline.Tenant.Id, conversation, "Veja", default,
            new ReplyContent(kind, new OutboundContent.Media(kind, media), quotes, media)) is StaffReply.Refused no
                ? no.Code : "";

        await _pipeline.ReceiveAsync("5511987650002", "Oi", "wamid.of-another");
        Assert.Equal("no_such_message", await CodeAsync("image", "wamid.of-another"));
        Assert.Equal("media_not_sendable", await CodeAsync("document", null));
        await _pipeline.GiveBack.RunAsync(_pipeline.Tenant.Id, conversation, default);
        Assert.Equal("not_in_charge", await CodeAsync("image", null));
        await _pipeline.TakeOver.RunAsync(_pipeline.Tenant.Id, conversation, userId: null, default);
        Assert.Equal("", await CodeAsync("image", null));
    }

    private MediaRows Rows() => new(_pipeline.App, new TenantReader(_pipeline.App));

    private KeepFile Keep() => new(_store, new NoScanner(), _options);

    private UploadMedia Upload() => new(Rows(), Keep());

    private FetchMedia Fetch() => new(
        [_pipeline.Provider], _pipeline.Directory, Rows(), Keep(), _options, TimeProvider.System,
        NullLogger<FetchMedia>.Instance);

    private PruneMedia Prune() =>
        new(_pipeline.Directory, Rows(), _store, _options, NullLogger<PruneMedia>.Instance);

    private Task ReceiveAsync(string reference, string? id = null) => _pipeline.RecordAsync(
        _pipeline.Message("5511987650001", "", id ?? (reference == "page" ? "wamid.page" : "wamid.picture")) with
        {
            Type = "image", Media = new InboundMedia("image", reference, "image/jpeg", null, null),
        });

    private async Task<ConversationId> TakenOverAsync()
    {
        await _pipeline.ReceiveAsync("5511987650001", "Oi");
        await _pipeline.SettleAsync();
        ConversationId conversation = await _pipeline.ConversationAsync();
        await _pipeline.TakeOver.RunAsync(_pipeline.Tenant.Id, conversation, userId: null, default);
        return conversation;
    }

    private Task<string> StateAsync() => _pipeline.ScalarAsync<string>("select state from media");

    private Task<Stream?> OpenAsync(Guid media) =>
        _store.OpenAsync(KeepFile.KeyOf(_pipeline.Tenant.Id, media), default);

    private async Task<MessageRow> MessageAsync() => (await new ReadMessages(
        new TenantReader(_pipeline.App), new DeliveryNotes(_pipeline.Directory)).RunAsync(
            _pipeline.Tenant.Id, await _pipeline.ConversationAsync(), null, null, 10, default))
        .Single(m => m.Media is not null);

    /// <summary>Begins once somebody else is there too.</summary>
    private sealed class WaitingStream(byte[] content, Task others) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await others;
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Ends in the middle, as a connection does.</summary>
    private sealed class BrokenStream(byte[] content, int after) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= after
                ? throw new IOException("cut")
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, after)], cancellationToken);
    }
}
