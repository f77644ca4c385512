using System.Text.RegularExpressions;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// A statement of the engine with the parameters that its command hands over, as the source has them.
/// </summary>
/// <param name="File">The C# file.</param>
/// <param name="Sql">Without comments.</param>
/// <param name="Given">The calls of <c>With</c> and <c>WithColumn</c> in order.</param>
internal sealed partial record Statement(string File, string Name, string Sql, IReadOnlyList<Statement.Call> Given)
{
    /// <summary>Every one whose parameters follow its text in a chain of calls.</summary>
    public static IEnumerable<Statement> All()
    {
        SourceFile[] files = [.. Sources.CSharp("Engine").Where(f => f.Path != "Engine/Storage/BatchCommands.cs")];
        ILookup<string, Call> shared = (
            from file in files
            let code = Sources.WithoutComments(file.Text)
            from Match helper in Helper().Matches(code)
            from call in Chain(code, helper.Index + helper.Length, Empty)
            select (helper.Groups["name"].Value, call)).ToLookup(h => h.Value, h => h.call);
        return files.SelectMany(f => Of(f, shared));
    }

    /// <summary>The numbers of its parameters.</summary>
    public SortedSet<int> Asked => [.. Number().Matches(Sql).Select(m => int.Parse(m.Groups[1].Value, null))];

    /// <summary>The lists <c>unnest($1, $2) as x (a, b)</c>: each column with its parameter's number.</summary>
    public IEnumerable<(int[] Numbers, string[] Columns)> Sets =>
        from Match set in Unnest().Matches(Sql)
        let columns = set.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries)
        select (
            Number().Matches(set.Groups["numbers"].Value).Select(m => int.Parse(m.Groups[1].Value, null)).ToArray(),
            set.Groups["ordinality"].Success ? columns[..^1] : columns);

    public override string ToString() => $"{File}: {Name}";

    private static ILookup<string, Call> Empty { get; } = Array.Empty<Call>().ToLookup(_ => "");

    private static IEnumerable<Statement> Of(SourceFile file, ILookup<string, Call> shared)
    {
        string code = Sources.WithoutComments(file.Text);
        List<Match> texts = Text().Matches(code).ToList();
        foreach (Match command in Command().Matches(code))
        {
            // Two classes of one file may each call theirs Sql.
            string name = command.Groups["name"].Value;
            Match? text = name.Length == 0 ? command
                : texts.LastOrDefault(t => t.Groups["name"].Value == name && t.Index < command.Index);
            int end = command.Index + command.Length;
            if (text is null || code[end..].TrimStart().StartsWith('{')) continue;
            string sql = text.Groups["file"] is { Success: true } embedded
                ? Embedded(embedded.Value)
                : text.Groups["raw"].Value + text.Groups["plain"].Value;
            yield return new Statement(
                file.Path, text.Groups["file"].Value + name, SqlComment().Replace(sql, ""),
                [.. Chain(code, end, shared)]);
        }
    }

    private static string Embedded(string name) => Sources.All.Single(f =>
        f.Path.EndsWith('/' + name, StringComparison.Ordinal)
        || f.Path.Replace('/', '.').EndsWith("Engine." + name, StringComparison.Ordinal)).Text;

    private static IEnumerable<Call> Chain(string code, int at, ILookup<string, Call> shared)
    {
        while (With().Match(code, at) is { Success: true } with)
        {
            at = End(code, with.Index + with.Length - 1);
            var call = new Call(with.Groups["name"].Value, code[(with.Index + with.Length)..(at - 1)]);
            IEnumerable<Call> calls = call.Name is "With" or "WithColumn" ? [call] : shared[call.Name];
            foreach (Call each in calls) yield return each;
        }
    }

    /// <summary>Behind the bracket that closes the one at <paramref name="at"/>.</summary>
    private static int End(string code, int at)
    {
        int depth = 0;
        for (; ; at++)
        {
            if (Literal().Match(code, at) is { Success: true } literal) at += literal.Length - 1;
            else if (code[at] is '(' or '[' or '{') depth++;
            else if (code[at] is ')' or ']' or '}' && --depth == 0) return at + 1;
        }
    }

    [GeneratedRegex(@"NpgsqlBatchCommand (?<name>With\w+)\(\s*this NpgsqlBatchCommand (\w+)[^)]*\)\s*=>\s*\1\b")]
    private static partial Regex Helper();

    [GeneratedRegex(
        @"string (?<name>\w+)\s*=\s*(EngineSql\.(Of<\w+>|Read)\(""(?<file>[^""]+)""\)" +
        @"|""""""(?<raw>.*?)""""""|""(?<plain>[^""\n]*)""(?!\s*\+))", RegexOptions.Singleline)]
    private static partial Regex Text();

    [GeneratedRegex(
        @"new NpgsqlBatchCommand\(\s*((?<name>[A-Z]\w*)|""""""(?<raw>.*?)""""""|""(?<plain>[^""\n]*)"")\s*\)",
        RegexOptions.Singleline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\G\s*\.(?<name>With\w*)(<[^(]*>)?\(")]
    private static partial Regex With();

    [GeneratedRegex(@"\G(""""""[\s\S]*?""""""|""(\\.|[^""\\])*""|'(\\.[^']*|[^'\\])')")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Number();

    [GeneratedRegex(@"--.*")]
    private static partial Regex SqlComment();

    [GeneratedRegex(
        @"unnest\((?<numbers>[^()]*)\)\s*(?<ordinality>with ordinality)?\s*(as )?\w+ \((?<columns>[^()]*)\)")]
    private static partial Regex Unnest();

    /// <summary>One parameter.</summary>
    internal sealed partial record Call(string Name, string Arguments)
    {
        /// <summary>
        /// The member that a column is read from, where its lambda names just that: <c>MessageId</c> of
        /// <c>a => a.Turn.MessageId</c>. Null where it computes something.
        /// </summary>
        public string? Member => Path().Match(Arguments) is { Success: true } path ? path.Groups["member"].Value : null;

        [GeneratedRegex(
            @"^[^,]+,\s*\w+ => \w+([!?]?\.\w+)*?[!?]?\.(?<member>\w+)" +
            @"(!|\.UtcDateTime|(?<!(First|Second|Key)\??)!?\.Value)*(\s*\?\? ""[^""]*"")?\s*$")]
        private static partial Regex Path();
    }
}
