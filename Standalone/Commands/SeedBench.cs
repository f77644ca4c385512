using System.Globalization;
using Vellarys.Accounts;
using Vellarys.Channels;

namespace Vellarys.Standalone.Commands;

/// <summary>
/// The tenants of the load harness (Benchmarks/sut.json): BENCH_TENANTS of them, each with one Meta number and nothing
/// that waits on purpose.
/// </summary>
internal static class SeedBench
{
    private const int DefaultTenants = 10;
    private const long FirstNumber = 10_000_000_000_001;

    private static readonly TenantSettings Settings = new()
    {
        Prompt = "You answer for a shop.",
        QuietMs = 0,
        MessagesPerMinute = 0,
        UnknownSendWaitMs = 2_000,
        ShowsTyping = false,
    };

    public static async Task RunAsync()
    {
        await using WebApplication app = OneOff.Build();
        CreateTenant createTenant = app.Services.GetRequiredService<CreateTenant>();
        CreateChannel createChannel = app.Services.GetRequiredService<CreateChannel>();
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        int tenants = int.TryParse(app.Configuration["BENCH_TENANTS"], CultureInfo.InvariantCulture, out int wanted)
            ? wanted
            : DefaultTenants;
        for (int i = 0; i < tenants; i++)
        {
            TenantId tenant = new(Ids.New(time));
            string number = (FirstNumber + i).ToString(CultureInfo.InvariantCulture);
            await createTenant.RunAsync(tenant, $"Bench {i}", "pt-BR", Settings, default);
            await createChannel.RunAsync(
                new NewChannel(tenant, new ChannelId(Ids.New(time)), "meta-cloud", number, "", "bench-token", [], ""),
                default);
        }
    }
}
