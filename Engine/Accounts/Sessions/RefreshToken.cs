using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>256 random bits in a cookie that no script reads and no other site's page sends.</summary>
/// <param name="Text">What the cookie holds; only its hash is stored.</param>
internal sealed record RefreshToken(string Text)
{
    public const string Cookie = "vellarys_refresh";

    private const string Path = "/api/v1/auth";

    public byte[] Hash => FixedTime.Hash(Text);

    public static RefreshToken Make() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public static RefreshToken? Of(HttpRequest request) =>
        request.Cookies[Cookie] is { Length: > 0 and <= 128 } text ? new RefreshToken(text) : null;

    public void Give(HttpContext context) =>
        context.Response.Cookies.Append(Cookie, Text, Options(context, SessionStore.Idle));

    public static void TakeBack(HttpContext context) =>
        context.Response.Cookies.Delete(Cookie, Options(context, maxAge: null));

    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = Path,
        MaxAge = maxAge,
    };
}
