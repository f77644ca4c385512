using Npgsql;
using Vellarys.Conversations.Ownership;
using Xunit;

namespace Vellarys.Tests.Conversations.Ownership;

/// <summary>
/// Who owns a conversation changes as <see cref="ConversationOwner"/> says, whoever writes it: the database refuses
/// anything else.
/// </summary>
public sealed class OwnerGuardTests(OwnerRow row) : IClassFixture<OwnerRow>
{
    private const string Ana = "7b0f3d3e-7a51-4a5e-8b0e-0a4b5b8f0001";
    private const string Bia = "7b0f3d3e-7a51-4a5e-8b0e-0a4b5b8f0002";

    private static readonly string[] Owners =
        [ConversationOwner.Bot, ConversationOwner.Waiting, ConversationOwner.Human, ConversationOwner.Closed];

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (string from in Owners)
            foreach (string to in Owners) pairs.Add(from, to);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task ChangeOwner_EachPair_IsLegalWhereTheTableSaysSo(string from, string to)
    {
        string? error = await row.TryAsync(from, "select from change_owner(@tenant, @id, @to)", to);
        AssertRefused(ConversationOwner.Refusal(from, to) is not null, error, $"cannot go from {from} to {to}");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task UpdateByHand_EachPair_IsLegalWhereTheTableSaysSo(string from, string to)
    {
        if (from == to) return;
        string? error = await row.TryAsync(
            from, "update conversations set status = @to, epoch = epoch + 1 where id = @id", to);
        AssertRefused(ConversationOwner.Refusal(from, to) is not null, error, $"cannot go from {from} to {to}");
    }

    [Theory]
    [InlineData("bot", "human", true)]
    [InlineData("waiting", "human", true)]
    [InlineData("waiting", "bot", true)]
    [InlineData("human", "bot", true)]
    // The bot lets go: what it has just said still goes out.
    [InlineData("bot", "waiting", false)]
    [InlineData("bot", "closed", false)]
    public async Task UpdateByHand_WithoutANewEpoch_ReachesNeitherAPersonNorTheBot(string from, string to, bool refused)
    {
        string? error = await row.TryAsync(from, "update conversations set status = @to where id = @id", to);
        AssertRefused(refused, error, $"cannot go to {to} without a new epoch");
    }

    [Theory]
    [InlineData("waiting", Ana, "epoch", false)]
    [InlineData("human", Bia, "epoch", true)]
    [InlineData("human", Bia, "epoch + 1", false)]
    [InlineData("waiting", Ana, "epoch - 1", true)]
    [InlineData("bot", Ana, "epoch", true)]
    [InlineData("closed", Ana, "epoch + 1", true)]
    public async Task UpdateByHand_OfThePerson_IsAnOfferOrNeedsANewEpoch(
        string status, string person, string epoch, bool refused)
    {
        string? error = await row.TryAsync(
            status, $"update conversations set user_id = @to::uuid, epoch = {epoch} where id = @id", person);
        Assert.Equal(refused, error is not null);
    }

    // What would be refused is not even tried where the conversation is in other hands than expected.
    [Fact]
    public async Task ChangeOwner_InOtherHandsThanExpected_ChangesNothing() => Assert.Null(await row.TryAsync(
        "closed", "select from change_owner(@tenant, @id, @to, was => 'bot')", "human"));

    private static void AssertRefused(bool refused, string? error, string why)
    {
        if (refused) Assert.Contains(why, error, StringComparison.Ordinal);
        else Assert.Null(error);
    }
}

/// <summary>One conversation, in whose hands a test wants it; what a test does to it is undone.</summary>
public sealed class OwnerRow : IAsyncLifetime
{
    private Pipeline _pipeline = null!;

    public async Task InitializeAsync()
    {
        _pipeline = await Pipeline.StartAsync();
        await _pipeline.ReceiveAsync("5511987650001", "oi");
    }

    public Task DisposeAsync() => _pipeline.DisposeAsync().AsTask();

    /// <summary>What the database refuses with; null where it takes it.</summary>
    internal async Task<string?> TryAsync(string from, string sql, string to)
    {
        ConversationId id = await _pipeline.ConversationAsync();
        await using NpgsqlConnection connection = await _pipeline.Database.Owner.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var arrange = new NpgsqlCommand(
            "update conversations set status = @from, epoch = 5 where id = @id", connection, transaction);
        arrange.Parameters.AddWithValue("from", from);
        arrange.Parameters.AddWithValue("id", id.Value);
        await arrange.ExecuteNonQueryAsync();
        await using var act = new NpgsqlCommand(sql, connection, transaction);
        act.Parameters.AddWithValue("tenant", _pipeline.Tenant.Id.Value);
        act.Parameters.AddWithValue("id", id.Value);
        act.Parameters.AddWithValue("to", to);
        try
        {
            await act.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException e) when (e.SqlState == "VO002")
        {
            return e.MessageText;
        }
    }
}
