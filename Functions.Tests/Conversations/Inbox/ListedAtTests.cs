using System.Text.RegularExpressions;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Conversations.Inbox;

/// <summary>The list is read by the quarter of an hour of the last message: who writes one writes the other.</summary>
public sealed partial class ListedAtTests
{
    [Fact]
    public void Statement_ThatMovesTheLastMessage_MovesItsPlaceInTheList()
    {
        SourceFile[] writers =
        [
            .. Sources.All.Where(f => f.Path.EndsWith(".sql", StringComparison.Ordinal) && f.Top == "Engine"
                && !f.Path.StartsWith("Engine/Storage/", StringComparison.Ordinal) && LastMessage().IsMatch(f.Text)),
        ];
        Assert.NotEmpty(writers);
        Rule.Holds(writers.Where(f => LastMessage().Count(f.Text) != ListedAt().Count(f.Text)).Select(f => f.Path));
    }

    [GeneratedRegex(@"[ (]last_message_at = ", RegexOptions.NonBacktracking)]
    private static partial Regex LastMessage();

    [GeneratedRegex(@"[ (]listed_at = ", RegexOptions.NonBacktracking)]
    private static partial Regex ListedAt();
}
