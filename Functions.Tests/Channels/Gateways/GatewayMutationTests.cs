using System.Text;
using System.Text.Json.Nodes;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>Breaks recorded bodies at random places. The seed is fixed: a failure comes again.</summary>
public sealed class GatewayMutationTests
{
    private const int Rounds = 4_000;

    private static readonly string[] Hostile =
    [
        "null", "true", "0", "-1", "1e999", "123456789012345678901234567890", "3.5", "[]", "{}", "[[]]", "\"\"",
        "\"\\u0000\"", "\"\\ud800\"", "{\"\\udfff\":1}", "[null,1,\"a\",{},[]]", "{\"id\":\"x\",\"id\":7}", "\"@\"",
        "\"@lid\"", "\":@s.whatsapp.net\"", "{\"low\":-1,\"high\":-1}", "\"" + new string('9', 70_000) + "\"",
        new string('[', 40) + new string(']', 40), new string('[', 2_000) + new string(']', 2_000),
    ];

    [Fact]
    public void Read_MutatedBody_NeverThrowsAnythingElse()
    {
        var random = new Random(20261201);
        string[] files = GatewayPayloads.Files;
        int refused = 0, unknown = 0, events = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string file = files[random.Next(files.Length)];
            string body = Encoding.UTF8.GetString(GatewayPayloads.Body(file));
            for (int i = random.Next(1, 4); i > 0; i--) body = Mutated(body, random);
            try
            {
                foreach (WebhookItem item in GatewayPayloads.Items(file.Split('/')[0], Encoding.UTF8.GetBytes(body)))
                {
                    events++;
                    if (item.Event.Kind == InboundKind.Unknown) unknown++;
                    Check(item.Event);
                }
            }
            catch (MalformedWebhook)
            {
                refused++;
            }
        }

        Assert.True(refused > 0 && unknown > 0 && events > unknown, "The mutations reach neither or only one end.");
    }

    [Fact]
    public void Read_ByteFlippedOrCutAnywhere_NeverThrowsAnythingElse()
    {
        var random = new Random(11);
        foreach (string file in GatewayPayloads.Files)
        {
            byte[] body = GatewayPayloads.Body(file);
            for (int round = 0; round < 60; round++)
            {
                byte[] broken = round % 2 == 0 ? [.. body] : body[..random.Next(body.Length)];
                if (broken.Length > 0) broken[random.Next(broken.Length)] = (byte)random.Next(256);
                try
                {
                    Assert.All(GatewayPayloads.Items(file.Split('/')[0], broken), i => Check(i.Event));
                }
                catch (MalformedWebhook)
                {
                    // Refused with a reason, which is fine.
                }
            }
        }
    }

    /// <summary>A file of megabytes in the body leaves nothing behind.</summary>
    [Theory]
    [InlineData("evolution/03-image-base64.json")]
    [InlineData("uazapi/06-video.json")]
    public void Read_LargePreview_IsNotKept(string file)
    {
        string body = Encoding.UTF8.GetString(GatewayPayloads.Body(file));
        string large = body.Replace(
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==", new string('A', 2_000_000), StringComparison.Ordinal);
        Assert.NotEqual(body, large);
        InboundEvent read = GatewayPayloads.Single(file.Split('/')[0], large);
        Assert.InRange(read.Raw!.Length, 1, 40_000);
        _ = JsonNode.Parse(read.Raw);
    }

    private static void Check(InboundEvent happened)
    {
        Assert.InRange(happened.EventId.Length, 1, 300);
        Assert.InRange(happened.Text.Length, 0, 4_096);
        Assert.InRange(happened.Type.Length, 1, 64);
        Assert.InRange(happened.Raw?.Length ?? 0, 0, 70_000);
        foreach (string? text in (string?[])
            [happened.EventId, happened.Text, happened.Type, happened.Raw, happened.Address, happened.ProfileName])
        {
            if (text is null) continue;
            Assert.DoesNotContain('\0', text);
            // Throws for a lone surrogate.
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
        }

        Assert.All(happened.Identities, i => Assert.Matches("^[0-9]{5,20}$", i.Value));
        if (happened.Kind is InboundKind.Message or InboundKind.Notice or InboundKind.Echo)
        {
            Assert.NotNull(happened.Address);
            Assert.NotEmpty(happened.Identities);
        }

        if (happened.Kind == InboundKind.Unknown) Assert.NotNull(happened.Raw);
        if (happened.Media is { } media) Assert.InRange(media.Reference.Length, 1, 2_048);
    }

    /// <summary>Replaces or removes one node, found by its place among all nodes.</summary>
    private static string Mutated(string json, Random random)
    {
        try
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

            target.ReplaceWith(JsonValue.Create("@@here@@"));
            return root.ToJsonString().Replace(
                "\"@@here@@\"", Hostile[random.Next(Hostile.Length)], StringComparison.Ordinal);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            // An earlier mutation left what this tool cannot read, though the product must.
            return json;
        }
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
}
