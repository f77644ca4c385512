namespace Vellarys.Storage;

/// <summary>Cuts a migration that runs outside a transaction into its statements: one ends at a line that ends in a semicolon.</summary>
internal static class SqlStatements
{
    public static IEnumerable<string> Split(string sql)
    {
        var statement = new List<string>();
        foreach (string line in sql.Split('\n'))
        {
            if (line.TrimStart().StartsWith("--", StringComparison.Ordinal)) continue;
            statement.Add(line);
            if (!line.TrimEnd().EndsWith(';')) continue;
            yield return string.Join('\n', statement).Trim();
            statement.Clear();
        }

        string rest = string.Join('\n', statement).Trim();
        if (rest.Length > 0) yield return rest;
    }
}
