using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Assistant;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

/// <summary>An agent's own webhook, on a real server.</summary>
public sealed class TellAgentsTests
{
    [Fact]
    public async Task Offer_AgentWithAWebhook_IsPostedOnceWithWhatItIsAbout()
    {
        ConcurrentQueue<string> posts = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication receiver = builder.Build();
        receiver.MapPost("/notices", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            posts.Enqueue(await reader.ReadToEndAsync());
        });
        await receiver.StartAsync();

        await using FlowStage stage = await FlowStage.OpenAsync();
        Guid agent = await stage.AgentAsync("Bruno");
        await stage.Pipeline.ExecuteAsync(
            "update agents set notify_url = @url where id = @agent",
            new { url = receiver.Urls.First() + "/notices", agent });
        stage.Pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain("Vou chamar uma pessoa.", HandoffReason.HotLead, Qualification.Hot));
        await stage.Pipeline.ReceiveAsync("5511987650001", "quero fechar agora");
        await stage.SettleAsync();

        string post = Assert.Single(posts);
        Assert.All(
            ["handoff_offered", "hot_lead", "quero fechar agora", "\"qualification\""],
            part => Assert.Contains(part, post, StringComparison.Ordinal));
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from notifications where told_at is null"));
    }

    [Fact]
    public async Task Offer_WebhookThatAnswersWithoutEnd_CountsByItsStatusAndIsNotRead()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication receiver = builder.Build();
        receiver.MapPost("/notices", async (HttpContext context) =>
        {
            byte[] page = new byte[64 * 1_024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                // Kestrel drops what is written after the other side has left: without a pause it would not be noticed.
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                await context.Response.Body.WriteAsync(page);
            }

            gone.SetResult();
        });
        await receiver.StartAsync();

        await using FlowStage stage = await FlowStage.OpenAsync();
        Guid agent = await stage.AgentAsync("Bruno");
        await stage.Pipeline.ExecuteAsync(
            "update agents set notify_url = @url where id = @agent",
            new { url = receiver.Urls.First() + "/notices", agent });
        stage.Pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain("Vou chamar uma pessoa.", HandoffReason.HotLead, Qualification.Hot));
        await stage.Pipeline.ReceiveAsync("5511987650001", "quero fechar agora");
        await stage.SettleAsync();

        await gone.Task;
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from notifications where told_at is null"));
    }
}
