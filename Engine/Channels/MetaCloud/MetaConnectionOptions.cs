namespace Vellarys.Channels.MetaCloud;

/// <summary>How an API that speaks as Meta's does is reached.</summary>
/// <param name="SendTimeout">From the start of a send to the end of its answer, at most.</param>
/// <param name="ConnectTimeout">To open one connection, at most.</param>
/// <param name="FileTimeout">From the start of an upload to the end of its answer, at most.</param>
/// <param name="MaxConnections">At a time.</param>
internal sealed record MetaConnectionOptions(
    TimeSpan SendTimeout, TimeSpan ConnectTimeout, TimeSpan FileTimeout, int MaxConnections);
