using Vellarys.Channels.Gateways.Calls;
using Vellarys.Http;

namespace Vellarys.Channels.Setup;

/// <summary>What a channel of each kind is made of, as its provider says, and what is wrong with one.</summary>
internal sealed class ChannelForms
{
    private const int MaxToken = 1_000;
    private readonly Dictionary<string, ChannelForm> _forms = [];
    private readonly GatewayOptions _gateways;

    public ChannelForms(IEnumerable<IProvider> providers, GatewayOptions gateways)
    {
        _gateways = gateways;
        foreach (IProvider provider in providers) _forms.TryAdd(provider.Kind, provider.Form);
    }

    /// <summary>As in <see cref="Channel.Kind"/>.</summary>
    public IEnumerable<string> Kinds => _forms.Keys.Order(StringComparer.Ordinal);

    /// <summary>Null for a kind that no provider is of.</summary>
    public ChannelForm? Of(string? kind) =>
        kind is not null && _forms.TryGetValue(kind, out ChannelForm? form) ? form : null;

    /// <summary>Null when the address is fine.</summary>
    public static string? AddressFault(ChannelForm form, string? address) =>
        form.AddressFault is { } fault ? fault(address) : TextInput.Fault(address, 100);

    /// <summary>Null when the token is fine.</summary>
    public static string? TokenFault(ChannelForm form, string? token)
    {
        if (form.LeastToken == 0) return token is null ? null : "this kind of channel has none";
        return ChannelInput.SecretFault(token, form.LeastToken, MaxToken);
    }

    /// <summary>Null when the server is fine.</summary>
    public string? ServerFault(ChannelForm form, string? url) => form.Server switch
    {
        ChannelForm.ServerField.None => url is null ? null : "this kind of channel has none",
        ChannelForm.ServerField.Required when url is null => "is required",
        _ => url is null ? null : ServerUrl.Fault(url, _gateways),
    };
}
