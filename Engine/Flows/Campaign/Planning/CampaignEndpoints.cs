using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>Campaigns over HTTP.</summary>
internal static class CampaignEndpoints
{
    private static readonly string[] Statuses = ["draft", "running", "paused", "cancelled", "finished"];

    private static readonly string[] Outcomes =
        ["waiting", "queued", "unknown", "sent", "delivered", "read", "failed", "skipped", "cancelled"];

    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/campaigns/{id:guid}");
        routes.MapGet("/campaigns", ListAsync).Needs(Permissions.ReadCampaigns, "campaign.list")
            .Asks("status", "after", "limit").Gives(typeof(Page<CampaignRow>));
        routes.MapPost("/campaigns", CreateAsync).Needs(Permissions.ManageCampaigns, "campaign.create")
            .Takes(typeof(CampaignBody)).Gives(typeof(CampaignDetail), StatusCodes.Status201Created);
        routes.MapPost("/campaigns/preview", PreviewAsync).Needs(Permissions.ManageCampaigns, "campaign.preview")
            .Takes(typeof(CampaignBody)).Gives(typeof(CampaignPreview));
        one.MapGet("", ReadAsync).Needs(Permissions.ReadCampaigns, "campaign.read").Gives(typeof(CampaignDetail));
        one.MapGet("/recipients", RecipientsAsync).Needs(Permissions.ReadCampaigns, "campaign.recipients")
            .Asks("outcome", "after", "limit").Gives(typeof(Page<RecipientRow>));
        one.MapPost("/test", TestAsync).Needs(Permissions.ManageCampaigns, "campaign.test")
            .Takes(typeof(TestBody)).Gives(typeof(TestAnswer), StatusCodes.Status202Accepted);
        one.MapPost("/start", StartAsync).Needs(Permissions.ManageCampaigns, "campaign.start")
            .Takes(typeof(StartBody)).Gives(typeof(CampaignDetail));
        Steers(one, "/pause", "campaign.pause", (steer, tenant, id, token) => steer.PauseAsync(tenant, id, token));
        Steers(one, "/resume", "campaign.resume", (steer, tenant, id, token) => steer.ResumeAsync(tenant, id, token));
        Steers(one, "/cancel", "campaign.cancel", (steer, tenant, id, token) => steer.CancelAsync(tenant, id, token));
    }

    /// <summary>Why there is no campaign.</summary>
    internal static IResult ProblemOf(CampaignCreation made, string contacts) => made switch
    {
        CampaignCreation.Invalid invalid => Problems.Invalid(invalid.Field, invalid.Reason),
        CampaignCreation.Unknown unknown => Problems.Invalid(unknown.Places.Select(place => new FieldFault(
            string.Create(CultureInfo.InvariantCulture, $"{contacts}[{place}]"), "is no contact")))!,
        CampaignCreation.Refused refused => Problems.Refused(refused.Code, refused.Reason),
        _ => Problems.ForStatus(StatusCodes.Status500InternalServerError),
    };

    internal static IResult NotFound() => Problems.NotFound("campaign_not_found", "There is no such campaign.");

    private static void Steers(
        RouteGroupBuilder one, string path, string audit,
        Func<SteerCampaign, TenantId, Guid, CancellationToken, Task<CampaignSteered>> act) =>
        one.MapPost(path, async (Guid id, HttpContext context, SteerCampaign steer, ListCampaigns list) =>
            await AnswerAsync(
                await act(steer, context.Tenant(), id, context.RequestAborted), id, context, list))
            .Needs(Permissions.ManageCampaigns, audit).Gives(typeof(CampaignDetail));

    private static async Task<IResult> ListAsync(HttpContext context, ListCampaigns list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        string? status = query.Choice("status", Statuses);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<CampaignRow> rows = await list.RunAsync(
            context.Tenant(), status, after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(
            Page<CampaignRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListCampaigns list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> CreateAsync(
        HttpContext context, CreateCampaign create, ListCampaigns list, ITenantDirectory tenants, ApiOptions options)
    {
        (NewCampaign? campaign, IResult? problem) = await ReadInputAsync(context, tenants, options);
        if (campaign is null) return problem!;
        CampaignCreation made = await create.RunAsync(context.Tenant(), campaign, context.RequestAborted);
        if (made is not CampaignCreation.Made { Id: var id }) return ProblemOf(made, "contactIds");
        return TypedResults.Created(
            $"/api/v1/campaigns/{id}", await list.FindAsync(context.Tenant(), id, context.RequestAborted));
    }

    private static async Task<IResult> PreviewAsync(
        HttpContext context, PreviewCampaign preview, ITenantDirectory tenants, ApiOptions options)
    {
        (NewCampaign? campaign, IResult? problem) = await ReadInputAsync(context, tenants, options);
        if (campaign is null) return problem!;
        (CampaignPreview? seen, CampaignCreation made) =
            await preview.RunAsync(context.Tenant(), campaign, context.RequestAborted);
        return seen is null ? ProblemOf(made, "contactIds") : TypedResults.Ok(seen);
    }

    private static async Task<(NewCampaign? Campaign, IResult? Problem)> ReadInputAsync(
        HttpContext context, ITenantDirectory tenants, ApiOptions options)
    {
        (CampaignBody? body, IResult? problem) = await JsonBody.ReadAsync<CampaignBody>(context.Request, options);
        if (body is null) return (null, problem);
        Tenant? tenant = await tenants.FindAsync(context.Tenant(), context.RequestAborted);
        var input = new CampaignInput(tenant?.Settings.Campaigns ?? new());
        NewCampaign campaign = input.Read(body);
        return Problems.Invalid(input.Faults) is { } invalid ? (null, invalid) : (campaign, null);
    }

    private static async Task<IResult> RecipientsAsync(Guid id, HttpContext context, ListCampaigns list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        string? outcome = query.Choice("outcome", Outcomes);
        int? after = null;
        if (query.Place("after") is { } place)
        {
            if (int.TryParse(place.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int position))
                after = position;
            else
                query.Refuse("after", Cursor.Fault);
        }

        if (query.Problem is { } problem) return problem;
        IReadOnlyList<RecipientRow> rows = await list.RecipientsAsync(
            context.Tenant(), id, outcome, after, limit + 1, context.RequestAborted);
        // Only an empty answer asks whether there is a campaign.
        if (rows.Count == 0 && await list.FindAsync(context.Tenant(), id, context.RequestAborted) is null)
            return NotFound();
        return TypedResults.Ok(Page<RecipientRow>.Of(rows, limit, last => new Cursor(
            DateTime.UnixEpoch, last.Position.ToString(CultureInfo.InvariantCulture))));
    }

    private static async Task<IResult> TestAsync(
        Guid id, HttpContext context, TestCampaign test, ApiOptions options)
    {
        (TestBody? body, IResult? problem) = await JsonBody.ReadAsync<TestBody>(context.Request, options);
        if (body is null) return problem!;
        if (body.ContactId is not { } contact) return Problems.Invalid("contactId", "is required");
        return await test.RunAsync(context.Tenant(), id, contact, body.Variant ?? 0, context.RequestAborted) switch
        {
            CampaignTest.Sent sent => TypedResults.Accepted((string?)null, new TestAnswer(sent.Message)),
            CampaignTest.Invalid invalid => Problems.Invalid(invalid.Field, invalid.Reason),
            CampaignTest.Skipped skipped => Problems.Refused(
                "would_be_skipped", $"The campaign would skip this contact: {skipped.Reason}."),
            _ => NotFound(),
        };
    }

    private static async Task<IResult> StartAsync(
        Guid id, HttpContext context, SteerCampaign steer, ListCampaigns list, ApiOptions options)
    {
        StartBody? body = new(null);
        if (context.Request.HasJsonContentType())
        {
            (body, IResult? problem) = await JsonBody.ReadAsync<StartBody>(context.Request, options);
            if (body is null) return problem!;
        }

        CampaignSteered steered = await steer.StartAsync(context.Tenant(), id, body.StartAt, context.RequestAborted);
        return await AnswerAsync(steered, id, context, list);
    }

    private static async Task<IResult> AnswerAsync(
        CampaignSteered steered, Guid id, HttpContext context, ListCampaigns list) => steered switch
        {
            CampaignSteered.Done => await ReadAsync(id, context, list),
            CampaignSteered.Refused refused => Problems.Refused(
                "campaign_" + refused.Status, $"The campaign is {refused.Status}."),
            _ => NotFound(),
        };

    private sealed record TestAnswer(Guid MessageId);
}
