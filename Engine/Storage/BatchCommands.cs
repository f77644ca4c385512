using Npgsql;

namespace Vellarys.Storage;

/// <summary>Positional parameters for batch commands, without boxing.</summary>
internal static class BatchCommands
{
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>One column of a set, as an array parameter.</summary>
    public static NpgsqlBatchCommand WithColumn<TItem, T>(
        this NpgsqlBatchCommand command, IReadOnlyList<TItem> items, Func<TItem, T> value)
    {
        var column = new T[items.Count];
        for (int i = 0; i < column.Length; i++) column[i] = value(items[i]);
        return command.With(column);
    }
}
