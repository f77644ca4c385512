using Microsoft.AspNetCore.Http;
using Vellarys.Http;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// What Meta asks of a callback address before it uses it: whoever shows the verify token gets its challenge back.
/// </summary>
internal sealed class MetaHandshake(MetaCloudOptions options)
{
    private const int MaxChallenge = 1_024;

    /// <summary>The challenge to answer with; null refuses.</summary>
    /// <param name="channel">The channel of the path; null on the app-level path.</param>
    public string? Answer(Channel? channel, IQueryCollection query)
    {
        string token = TokenOf(channel);
        bool isKnown = FixedTime.AreEqual(query["hub.verify_token"].ToString(), token);
        string challenge = query["hub.challenge"].ToString();
        bool isWhole = query["hub.mode"] == "subscribe" && challenge.Length is > 0 and <= MaxChallenge;
        return isKnown && isWhole ? challenge : null;
    }

    /// <summary>How Meta asks; null when there is no token to show.</summary>
    public string? Query(Channel channel, string challenge) => TokenOf(channel) is { Length: > 0 } token
        ? $"?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(token)}"
        : null;

    private string TokenOf(Channel? channel) =>
        channel is { VerifyToken.Length: > 0 } ? channel.VerifyToken : options.VerifyToken;
}
