using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// The files that came with a set of messages are to be fetched: part of the transaction that records the messages.
/// </summary>
internal static class RecordMedia
{
    private static readonly string Sql = EngineSql.Of<RecordMessage>("record-media.sql");

    public static NpgsqlBatchCommand Command(List<RecordItem> items, TimeProvider time) =>
        new NpgsqlBatchCommand(Sql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.Event.Channel)
            .WithColumn(items, i => i.Event.EventId)
            .WithColumn(items, i => i.MessageId)
            .WithColumn(items, _ => Ids.New(time))
            .WithColumn(items, i => i.Event.Media!.Kind)
            .WithColumn(items, i => i.Event.Media!.MimeType)
            .WithColumn(items, i => i.Event.Media!.FileName)
            .WithColumn(items, i => i.Event.Media!.Size)
            .WithColumn(items, i => i.Event.Media!.Reference)
            .WithColumn(items, i => i.Event.Media!.IsVoice)
            .WithColumn(items, i => i.Event.Media!.IsViewOnce);
}
