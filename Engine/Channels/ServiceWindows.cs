namespace Vellarys.Channels;

/// <summary>
/// Which providers take free text only within 24 hours of the customer's last message. Statements ask by kind.
/// </summary>
internal sealed class ServiceWindows(IEnumerable<IProvider> providers)
{
    /// <summary>As in <see cref="Channel.Kind"/>.</summary>
    internal string[] Kinds => [.. providers.Where(c => c.HasServiceWindow).Select(c => c.Kind)];
}
