using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vellarys.Accounts;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Api.Idempotency;

/// <summary>
/// A POST with an <c>Idempotency-Key</c> is done once: who sends it again, because the answer was lost, gets the answer
/// of the first. Goes behind the filter that finds the tenant. A call with a key is carried out even when its caller
/// leaves, so that its end is known. A refusal (4xx) did nothing and frees the key; what failed on our side may have
/// been carried out, and its key is not free.
/// </summary>
internal sealed class IdempotencyFilter(
    IdempotencyKeys keys, ApiOptions options, BodyBudget budget, TimeProvider time) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    public const string Replayed = "Idempotency-Replayed";

    private const int LongestKey = 255;

    public async ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        if (!HttpMethods.IsPost(context.Request.Method)
            || !context.Request.Headers.TryGetValue(Header, out StringValues given))
        {
            return await next(invocation);
        }

        string key = given.ToString();
        if (key.Length is 0 or > LongestKey || !key.All(c => c is > ' ' and <= '~'))
            return Problems.Invalid(Header, $"must be 1 to {LongestKey} visible characters of ASCII");

        BodyRead read = await RequestBody.ReadAsync(
            context.Request, BodyLimit.Of(context, options), budget, context.RequestAborted);
        if (read.Body is null) return Problems.Unread(read.Fault, BodyLimit.Of(context, options));
        byte[] body;
        using (read.Body) body = read.Body.Bytes.ToArray();
        context.Request.Body = new MemoryStream(body);

        IdempotencyClaim claim = new(
            context.Tenant(), NameOf(context.Caller()), SHA256.HashData(Encoding.ASCII.GetBytes(key)),
            Fingerprint(context.Request, key, body), Ids.New(time));
        if (await keys.ClaimAsync(claim, context.RequestAborted) is { } other) return Answer(context, other);
        context.RequestAborted = CancellationToken.None;
        await RunAsync(invocation, next, claim);
        return Results.Empty;
    }

    private async Task RunAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, IdempotencyClaim claim)
    {
        HttpContext context = invocation.HttpContext;
        Stream connection = context.Response.Body;
        using MemoryStream answer = new();
        int status = StatusCodes.Status500InternalServerError;
        try
        {
            context.Response.Body = answer;
            await ((IResult)(await next(invocation))!).ExecuteAsync(context);
            status = context.Response.StatusCode;
        }
        finally
        {
            context.Response.Body = connection;
            if (status >= StatusCodes.Status500InternalServerError) await keys.CutOffAsync(claim);
        }

        if (status is >= 300 and < StatusCodes.Status500InternalServerError)
        {
            await keys.ReleaseAsync(claim, CancellationToken.None);
        }
        else if (status < 300)
        {
            bool isSecret = context.GetEndpoint()?.Metadata.GetMetadata<SecretAnswer>() is not null;
            string? location = context.Response.Headers.Location;
            await keys.RecordAsync(
                claim, status, location, isSecret ? null : answer.ToArray(), isSecret,
                CancellationToken.None);
        }

        answer.Position = 0;
        await answer.CopyToAsync(connection);
    }

    private static IResult Answer(HttpContext context, KeptCall call)
    {
        if (!call.IsSame)
        {
            return Problems.Of(
                StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
                "This key was used for another call: take a new one.");
        }

        if (call.Status is not { } status)
        {
            if (call.IsLost)
            {
                return Problems.Refused(
                    "idempotency_outcome_unknown",
                    "The first call was cut off and may have been carried out: look, and take a new key.");
            }

            context.Response.Headers.RetryAfter = "1";
            return Problems.Refused("idempotency_in_progress", "The first call with this key is being carried out.");
        }

        if (call.IsWithheld)
        {
            return Problems.Refused(
                "idempotency_answer_withheld",
                "It was carried out; its answer showed a secret and was not kept. Make another, and end this one.");
        }

        return new KeptAnswer(status, call.Location, call.Body);
    }

    private static string NameOf(Caller caller) =>
        caller.Key is { } key ? $"key {key}" : caller.User is { } user ? $"user {user}" : "installation";

    private static byte[] Fingerprint(HttpRequest request, string key, byte[] body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(key));
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
