using Microsoft.AspNetCore.Http;

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
        ArgumentNullException.ThrowIfNull(query);
        if (channel is not null && channel.Kind != MetaCloudProvider.KindName) return null;
        string token = channel is { VerifyToken.Length: > 0 } ? channel.VerifyToken : options.VerifyToken;
        bool isKnown = FixedTime.AreEqual(query["hub.verify_token"].ToString(), token);
        string challenge = query["hub.challenge"].ToString();
        bool isWhole = query["hub.mode"] == "subscribe" && challenge.Length is > 0 and <= MaxChallenge;
        return isKnown && isWhole ? challenge : null;
    }
}
