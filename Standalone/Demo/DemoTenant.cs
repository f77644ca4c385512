using System.Security.Cryptography;
using Vellarys.Accounts;
using Vellarys.Accounts.Teams;
using Vellarys.Channels;

namespace Vellarys.Standalone.Demo;

/// <summary>
/// A small shop to try everything with: one sandbox channel, two people and a knowledge base, in Portuguese. Seeding
/// again changes neither tenant, channel nor people, and renews the documents.
/// </summary>
internal sealed class DemoTenant(
    CreateTenant createTenant, CreateChannel createChannel, SeedAgent seedAgent, DemoKnowledge knowledge,
    ILogger<DemoTenant> logger)
{
    /// <summary>Fixed, so that every start finds the same one.</summary>
    public static TenantId Id { get; } = new(new Guid("019a0000-0000-7000-8000-00000000a0a0"));

    private static readonly ChannelId Channel = new(new Guid("019a0000-0000-7000-8000-00000000a0a1"));

    private static readonly Guid Agent = new("019a0000-0000-7000-8000-00000000a0a2");

    private static readonly Guid Supervisor = new("019a0000-0000-7000-8000-00000000a0a3");

    private static readonly TenantSettings Settings = new()
    {
        Prompt = "Loja de móveis e decoração em Curitiba. Fale de forma simpática e breve; preços, só os da base.",
        QuietMs = 1_500,
    };

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await createTenant.RunAsync(Id, "Loja Aurora", "pt-BR", Settings, cancellationToken);
        // The page shows this token with the webhooks that it writes.
        string token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await createChannel.RunAsync(
            new NewChannel(Id, Channel, "sandbox", "loja-aurora", "Loja Aurora", "", [token], ""), cancellationToken);
        await seedAgent.RunAsync(Id, Agent, "Bruna", "agent", capacity: 5, cancellationToken);
        await seedAgent.RunAsync(Id, Supervisor, "Sérgio", "supervisor", capacity: 5, cancellationToken);
        await knowledge.SeedAsync(Id, cancellationToken);
        logger.DemoInPlace(Id.Value);
    }
}
