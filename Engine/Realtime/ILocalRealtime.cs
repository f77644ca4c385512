namespace Vellarys.Realtime;

/// <summary>
/// Tells the watchers of this process only. Hosts with several instances put an <see cref="IRealtime"/> in front of it
/// that tells the others as well.
/// </summary>
public interface ILocalRealtime : IRealtime;
