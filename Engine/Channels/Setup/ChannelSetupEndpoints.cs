using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Accounts.Access;
using Vellarys.Channels.Stops;
using Vellarys.Http;

namespace Vellarys.Channels.Setup;

/// <summary>A tenant's channels are set up, and their secrets changed without a message being lost.</summary>
internal static class ChannelSetupEndpoints
{
    public static void MapChannelSetup(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder channels = routes.MapGroup("/channels");
        channels.MapPost("", CreateAsync).Needs(Permissions.ManageChannels, "channel.create")
            .Takes(typeof(ChannelInput)).Gives(typeof(ChannelRow), StatusCodes.Status201Created);
        channels.MapPut("/{id:guid}", ChangeAsync).Needs(Permissions.ManageChannels, "channel.update")
            .Takes(typeof(ChannelChange)).Gives(typeof(ChannelRow));
        channels.MapPost("/{id:guid}/test", TestAsync).Needs(Permissions.ManageChannels, "channel.test")
            .Gives(typeof(ChannelReport));
        RouteGroupBuilder secrets = channels.MapGroup("/{id:guid}/secrets");
        secrets.MapGet("", ListAsync).Needs(Permissions.ReadChannels, "channel-secret.list")
            .Gives(typeof(Listed<SecretRow>));
        secrets.MapPost("", AddAsync).Needs(Permissions.ManageChannels, "channel-secret.add")
            .Takes(typeof(SecretInput)).Gives(typeof(Listed<SecretRow>), StatusCodes.Status201Created);
        secrets.MapDelete("/{secret:guid}", EndAsync).Needs(Permissions.ManageChannels, "channel-secret.end")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, AddChannel add, ChannelForms forms, ChannelStopsStore store, ApiOptions options)
    {
        (ChannelInput? input, IResult? problem) = await JsonBody.ReadAsync<ChannelInput>(context.Request, options);
        if (input is null) return problem!;
        if (Problems.Invalid(input.Faults(forms)) is { } invalid) return invalid;
        ChannelAddition addition = await add.RunAsync(
            context.Tenant(), input, context.Caller().IsPlatformAdmin, context.RequestAborted);
        if (addition is ChannelAddition.Refused refused) return Problems.Refused(refused.Code, refused.Reason);
        ChannelId id = ((ChannelAddition.Added)addition).Id;
        ChannelRow row = (await store.ListAsync(context.Tenant(), id, context.RequestAborted)).Single();
        return TypedResults.Created($"/api/v1/channels/{id}", row);
    }

    private static async Task<IResult> ChangeAsync(
        Guid id, HttpContext context, ChangeChannel change, ChannelForms forms, ChannelStopsStore store,
        ApiOptions options)
    {
        (ChannelChange? input, IResult? problem) = await JsonBody.ReadAsync<ChannelChange>(context.Request, options);
        if (input is null) return problem!;
        if (await store.ListAsync(context.Tenant(), new(id), context.RequestAborted) is not [var row, ..])
            return NotFound();
        if (Problems.Invalid(input.Faults(forms, row.Kind)) is { } invalid) return invalid;
        SecretRefusal? refusal = await change.RunAsync(context.Tenant(), new(id), input, context.RequestAborted);
        if (refusal is not null) return Answer(refusal);
        return TypedResults.Ok((await store.ListAsync(context.Tenant(), new(id), context.RequestAborted)).Single());
    }

    private static async Task<IResult> TestAsync(Guid id, HttpContext context, TestChannel test) =>
        await test.RunAsync(context.Tenant(), new(id), context.RequestAborted) is { } report
            ? TypedResults.Ok(report)
            : NotFound();

    private static async Task<IResult> ListAsync(Guid id, HttpContext context, ChannelSecretsStore store) =>
        await store.ListAsync(context.Tenant(), new(id), context.RequestAborted) is { } items
            ? TypedResults.Ok(new { items })
            : NotFound();

    private static async Task<IResult> AddAsync(
        Guid id, HttpContext context, ChangeSecrets change, ChannelSecretsStore store, ApiOptions options)
    {
        (SecretInput? input, IResult? problem) = await JsonBody.ReadAsync<SecretInput>(context.Request, options);
        if (input is null) return problem!;
        if (Problems.Invalid(input.Faults()) is { } invalid) return invalid;
        SecretRefusal? refusal = await change.AddAsync(context.Tenant(), new(id), input, context.RequestAborted);
        if (refusal is not null) return Answer(refusal);
        return TypedResults.Created(
            $"/api/v1/channels/{id}/secrets",
            new { items = await store.ListAsync(context.Tenant(), new(id), context.RequestAborted) });
    }

    private static async Task<IResult> EndAsync(Guid id, Guid secret, HttpContext context, ChangeSecrets change) =>
        await change.EndAsync(context.Tenant(), new(id), secret, context.RequestAborted) is { } refusal
            ? Answer(refusal)
            : TypedResults.NoContent();

    private static IResult Answer(SecretRefusal refusal) =>
        refusal.Code.EndsWith("_not_found", StringComparison.Ordinal)
        ? Problems.NotFound(refusal.Code, refusal.Reason)
        : Problems.Refused(refusal.Code, refusal.Reason);

    private static IResult NotFound() => Answer(SecretRefusal.NoChannel);
}
