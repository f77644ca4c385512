using Npgsql;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class OptionalFiltersTests
{
    private const string Sql =
        "select 1 from t where a = $1 and ($2::text is null or b = $2) "
        + "and ($3::uuid[] is null or c in (select d from e where f = any ($3)) or g = lower('x')) limit $4";

    [Theory]
    [InlineData(0b1111,
        "select 1 from t where a = $1 and (b = $2) "
        + "and (c in (select d from e where f = any ($3)) or g = lower('x')) limit $4")]
    [InlineData(0b1011, "select 1 from t where a = $1 and (b = $2) and ($3::uuid[] is null) limit $4")]
    [InlineData(0b1001, "select 1 from t where a = $1 and ($2::text is null) and ($3::uuid[] is null) limit $4")]
    public void Text_OfWhatIsGiven_HasTheConditionsOfThatOnly(long given, string text) =>
        Assert.Equal(text, OptionalFilters.Text(Sql, given));

    [Fact]
    public void OnlyGiven_LooksAtTheValues()
    {
        NpgsqlBatchCommand command = new NpgsqlBatchCommand(Sql)
            .With("a").With((string?)null).With(new[] { Guid.Empty }).With(5).OnlyGiven();
        Assert.Contains("($2::text is null) and (c in", command.CommandText, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyGiven_OfSeveralGuards_EachSpeaksForItself()
    {
        const string Twice = "($1::text is null or a = $1) and ($1::text is null or b = $1)";
        Assert.Equal("(a = $1) and (b = $1)", OptionalFilters.Text(Twice, 1));
    }
}
