using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>
/// Campaigns as scripts of the old system ask for them: a list and a pace, started at once. Asked for twice within ten
/// minutes, or while the first still runs, it is the same campaign.
/// </summary>
internal static class CampanhaEndpoints
{
    public static void MapCampanhas(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/campanhas", CreateAsync).Needs(Permissions.ManageCampaigns, "campanha.create")
            .Takes(typeof(CampanhaBody)).Gives(typeof(Campanha), StatusCodes.Status201Created);
        routes.MapGet("/campanhas/{id:guid}", ReadAsync).Needs(Permissions.ReadCampaigns, "campanha.read")
            .Gives(typeof(Campanha));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, CreateCampaign create, ListCampaigns list, ITenantDirectory tenants, ApiOptions options,
        TimeProvider time)
    {
        (CampanhaBody? body, IResult? problem) = await JsonBody.ReadAsync<CampanhaBody>(context.Request, options);
        if (body is null) return problem!;
        Tenant? tenant = await tenants.FindAsync(context.Tenant(), context.RequestAborted);
        var input = new CampaignInput(tenant?.Settings.Campaigns ?? new());
        NewCampaign campaign = input.Read(AsAsked(body, time.GetUtcNow()));
        if (Problems.Invalid(input.Faults.Select(f => f with { Field = OldName(f.Field) })) is { } invalid)
            return invalid;
        CampaignCreation made = await create.RunAsync(
            context.Tenant(), campaign with { Fingerprint = FingerprintOf(campaign, body.Nome) },
            context.RequestAborted);
        if (made is not CampaignCreation.Made { Id: var id } ended)
            return CampaignEndpoints.ProblemOf(made, "contatoIds");
        Campanha? answer = await FindAsync(id, context, list);
        return ended is CampaignCreation.Made { IsNew: true }
            ? TypedResults.Created($"/api/campanhas/{id}", answer)
            : TypedResults.Ok(answer);
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListCampaigns list) =>
        await FindAsync(id, context, list) is { } found ? TypedResults.Ok(found) : CampaignEndpoints.NotFound();

    private static CampaignBody AsAsked(CampanhaBody body, DateTimeOffset now) => new()
    {
        Name = body.Nome ?? "Campanha " + now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        ChannelId = body.CanalId,
        ContactIds = body.ContatoIds ?? [],
        IntervalMs = body.IntervaloMs,
        Message = new CampaignVariant
        {
            Template = body.Template,
            Language = body.Idioma,
            Text = body.Mensagem,
            Parameters =
            [
                .. (body.Parametros ?? []).Select(p => p is { Length: > 2 } && p[0] == '{' && p[^1] == '}'
                    ? new CampaignParameter { Field = p[1..^1] }
                    : new CampaignParameter { Text = p }),
            ],
        },
        Start = true,
    };

    private static async Task<Campanha?> FindAsync(Guid id, HttpContext context, ListCampaigns list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } found
            ? null
            : new Campanha(
                id, found.Name,
                found.Status switch
                {
                    "draft" => "RASCUNHO",
                    "running" => "EM_ANDAMENTO",
                    "paused" => "PAUSADA",
                    "cancelled" => "CANCELADA",
                    _ => "CONCLUIDA",
                },
                found.Total, found.IntervalMs,
                found.Progress.Sent + found.Progress.Delivered + found.Progress.Read, found.Progress.Delivered,
                found.Progress.Read, found.Progress.Failed, found.Progress.Skipped);

    private static string FingerprintOf(NewCampaign campaign, string? name) => Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('|', [
            name ?? "", campaign.Channel?.ToString() ?? "", CampaignVariant.Write(campaign.Variants),
            .. campaign.Contacts!.Order().Select(c => c.ToString())]))));

    private static string OldName(string field) => field switch
    {
        "contactIds" => "contatoIds",
        "intervalMs" => "intervaloMs",
        "name" => "nome",
        "message.template" => "template",
        "message.text" => "mensagem",
        "message.language" => "idioma",
        _ => field.Replace("message.parameters", "parametros", StringComparison.Ordinal),
    };

    /// <param name="Parametros">A text, or in braces the field of the contact, as <c>{name}</c>.</param>
    private sealed record CampanhaBody(
        IReadOnlyList<Guid>? ContatoIds, int? IntervaloMs, string? Nome, Guid? CanalId, string? Template,
        string? Idioma, IReadOnlyList<string>? Parametros, string? Mensagem);

    private sealed record Campanha(
        Guid Id, string Nome, string Status, int Total, int IntervaloMs, long Enviados, long Entregues, long Lidos,
        long Falhas, long Ignorados);
}
