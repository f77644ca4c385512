using System.Text;
using System.Text.Json.Nodes;
using Vellarys.Channels;
using Xunit;
using Xunit.Abstractions;

namespace Vellarys.Tests.Channels;

/// <summary>Breaks recorded bodies at random places. The seed is fixed: a failure comes again.</summary>
public sealed class MetaMutationTests(ITestOutputHelper output)
{
    private const int Rounds = 4_000;

    // What stands in for the node: other types, hostile text, depth, size, numbers that fit nowhere.
    private static readonly string[] Hostile =
    [
        "null", "true", "0", "-1", "1e999", "123456789012345678901234567890", "3.5", "[]", "{}", "[[]]",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "{\"\\udfff\":1}", "[null,1,\"a\",{},[]]", "{\"id\":\"x\",\"id\":7}",
        "\"" + new string('z', 70_000) + "\"", Nested(40), Nested(2_000),
    ];

    [Theory]
    [InlineData("meta")]
    [InlineData("360dialog")]
    public void Read_MutatedFixture_NeverThrowsAnythingElse(string provider)
    {
        var random = new Random(20260601);
        string[] files = [.. provider == "meta" ? Payloads.Meta : Payloads.Dialog360];
        int refused = 0, unknown = 0, events = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] body = Payloads.Read(files[random.Next(files.Length)], provider);
            for (int i = random.Next(1, 4); i > 0; i--) body = Mutate(body, random);
            try
            {
                IReadOnlyList<WebhookItem> items = Payloads.Items(body);
                events += items.Count;
                unknown += items.Count(i => i.Event.Kind == InboundKind.Unknown);
                Assert.All(items, item => Check(item.Event));
            }
            catch (MalformedWebhook)
            {
                refused++;
            }
        }

        output.WriteLine($"{Rounds} bodies: {refused} refused, {events} events, {unknown} of them unknown");
        Assert.True(refused > 0 && unknown > 0 && events > unknown, "The mutations reach neither or only one end.");
    }

    [Fact]
    public void Read_BatchWithOneBrokenItem_KeepsTheOthers()
    {
        var random = new Random(7);
        for (int round = 0; round < Rounds / 4; round++)
        {
            JsonNode batch = JsonNode.Parse(Payloads.Read("35-batch-2-entries-3-changes.json"))!;
            JsonArray messages = batch["entry"]![0]!["changes"]![0]!["value"]!["messages"]!.AsArray();
            string broken = Mutated(messages[0]!.ToJsonString(), random, maxDepth: 40);
            string body = batch.ToJsonString().Replace(messages[0]!.ToJsonString(), broken, StringComparison.Ordinal);

            IReadOnlyList<WebhookItem> items = Payloads.Items(body);
            Assert.Equal(4, items.Count);
            Assert.Equal("wamid.batch2", items[1].Event.EventId);
            Assert.Equal(InboundKind.Status, items[2].Event.Kind);
            Assert.Equal("9988776655443", items[3].Address);
            Check(items[0].Event);
        }
    }

    [Fact]
    public void Read_BodyCutAnywhere_IsRefusedOrRead()
    {
        byte[] body = Payloads.Read("35-batch-2-entries-3-changes.json");
        int end = Encoding.UTF8.GetString(body).TrimEnd().Length;
        for (int length = 0; length < end; length++)
            Assert.Throws<MalformedWebhook>(() => Payloads.Items(body[..length]));
        Assert.Equal(4, Payloads.Items(body[..end]).Count);
    }

    [Fact]
    public void Read_ByteFlippedAnywhere_NeverThrowsAnythingElse()
    {
        var random = new Random(11);
        byte[] body = Payloads.Read("08-contacts.json");
        for (int round = 0; round < Rounds; round++)
        {
            byte[] flipped = [.. body];
            flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
            try
            {
                Assert.All(Payloads.Items(flipped), item => Check(item.Event));
            }
            catch (MalformedWebhook)
            {
                // Refused with a reason, which is fine.
            }
        }
    }

    /// <summary>Whatever was read can be stored.</summary>
    private static void Check(InboundEvent happened)
    {
        Assert.InRange(happened.EventId.Length, 1, 300);
        Assert.InRange(happened.Text.Length, 0, 4_096);
        Assert.InRange(happened.Type.Length, 1, 256);
        foreach (string? text in (string?[])
            [happened.EventId, happened.Text, happened.Type, happened.Raw, happened.Address, happened.ProfileName])
        {
            if (text is null) continue;
            Assert.DoesNotContain('\0', text);
            // Throws for a lone surrogate.
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
        }

        if (happened.Media is { } media)
        {
            Assert.InRange(media.Reference.Length, 1, 256);
            Assert.InRange(media.FileName?.Length ?? 0, 0, 240);
        }

        Assert.All(happened.Identities, i => Assert.InRange(i.Value.Length, 3, 200));
        if (happened.Kind is InboundKind.Message or InboundKind.Notice or InboundKind.Echo)
        {
            Assert.NotNull(happened.Address);
            Assert.NotEmpty(happened.Identities);
        }

        if (happened.Kind == InboundKind.Unknown) Assert.NotNull(happened.Raw);
    }

    private static byte[] Mutate(byte[] body, Random random)
    {
        string text = Encoding.UTF8.GetString(body);
        try
        {
            return Encoding.UTF8.GetBytes(Mutated(text, random, maxDepth: int.MaxValue));
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            // An earlier mutation left what this tool cannot read, though the product must.
            return body;
        }
    }

    /// <summary>Replaces or removes one node, found by its place among all nodes.</summary>
    private static string Mutated(string json, Random random, int maxDepth)
    {
        JsonNode root = JsonNode.Parse(json)!;
        JsonNode[] nodes = [.. Below(root)];
        if (nodes.Length == 0) return json;
        JsonNode target = nodes[random.Next(nodes.Length)];
        if (random.Next(4) == 0)
        {
            if (target.Parent is JsonObject owner) owner.Remove(target.GetPropertyName());
            else target.Parent!.AsArray().Remove(target);
            return root.ToJsonString();
        }

        const string mark = "@@here@@";
        target.ReplaceWith(JsonValue.Create(mark));
        string[] choices = maxDepth > 1_000 ? Hostile : Hostile[..^1];
        string hostile = choices[random.Next(choices.Length)];
        return root.ToJsonString().Replace($"\"{mark}\"", hostile, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Below(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Below(child).Prepend(child));
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
