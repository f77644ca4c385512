using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Channels.Stops;

/// <summary>A tenant's channels, and an operator's hand on them.</summary>
internal static class ChannelEndpoints
{
    public static void MapChannels(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder channels = routes.MapGroup("/channels");
        channels.MapGet("", async (HttpContext context, ChannelStopsStore store) => TypedResults.Ok(new
        {
            items = await store.ListAsync(context.Tenant(), channel: null, context.RequestAborted),
        }))
            .Needs(Permissions.ReadChannels, "channel.list")
            .Gives(typeof(Listed<ChannelRow>));
        channels.MapGet("/{id:guid}", async (Guid id, HttpContext context, ChannelStopsStore store) =>
            Answer((await store.ListAsync(context.Tenant(), new ChannelId(id), context.RequestAborted))
                .SingleOrDefault()))
            .Needs(Permissions.ReadChannels, "channel.read")
            .Gives(typeof(ChannelRow));
        channels.MapPost("/{id:guid}/resume", async (Guid id, HttpContext context, ChannelStops stops) =>
            Answer(await stops.ResumeAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.ManageChannels, "channel.resume")
            .Gives(typeof(ChannelRow));
        channels.MapPost("/{id:guid}/stop", async (Guid id, HttpContext context, ChannelStops stops) =>
            Answer(await stops.StopAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.ManageChannels, "channel.stop")
            .Gives(typeof(ChannelRow));
    }

    private static IResult Answer(ChannelRow? row) => row is null
        ? Problems.NotFound("channel_not_found", "There is no such channel.")
        : TypedResults.Ok(row);
}
