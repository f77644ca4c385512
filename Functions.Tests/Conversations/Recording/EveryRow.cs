namespace Vellarys.Tests.Conversations.Recording;

/// <summary>Whatever is stored, wherever: what was withdrawn must not be in it.</summary>
internal static class EveryRow
{
    public const string Sql =
        """
        select string_agg(query_to_xml(format('select * from %I.%I', t.table_schema, t.table_name), true, false, '')
            ::text, '')
        from information_schema.tables t
        where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
        """;
}
