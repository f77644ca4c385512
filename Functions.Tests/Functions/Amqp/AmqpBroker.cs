using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>
/// As much of Service Bus as the product asks of it, behind a socket of this machine and in memory: the real client
/// library talks to it as to the emulator.
/// </summary>
internal sealed class AmqpBroker : IRuntimeProvider, IDisposable
{
    private const ulong MaxMessageSize = 256 * 1024;
    private const int Attempts = 5;
    private const string DeadSuffix = "/$deadletterqueue";
    private const string ManagementSuffix = "/$management";
    private static readonly AmqpVersion Version = new(1, 0, 0);
    private readonly Dictionary<string, AmqpQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AmqpResponder> _responders = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<AmqpConnection, bool> _connections = new();
    private readonly AmqpConnectionListener _listener;
    private readonly int _port;

    private AmqpBroker(int port)
    {
        _port = port;
        AmqpSettings settings = new() { RuntimeProvider = this };
        SaslTransportProvider sasl = new();
        sasl.Versions.Add(Version);
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        settings.TransportProviders.Add(sasl);
        AmqpTransportProvider amqp = new();
        amqp.Versions.Add(Version);
        settings.TransportProviders.Add(amqp);
        _listener = new AmqpConnectionListener(
            [$"amqp://127.0.0.1:{port}"], settings,
            new AmqpConnectionSettings { ContainerId = "broker", MaxFrameSize = 64 * 1024, IdleTimeOut = 240_000 });
        // Any token will do.
        _responders.Add("$cbs", new AmqpResponder(_ => Welcome()));
    }

    /// <summary>For the client library: no TLS, any key.</summary>
    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{_port};SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true";

    public AmqpFaults Faults { get; } = new();

    /// <param name="port">Null for one that is free.</param>
    public static AmqpBroker Start(IEnumerable<string> entities, AmqpQueueRules? rules = null, int? port = null)
    {
        string[] names = [.. entities];
        for (int attempt = 1; ; attempt++)
        {
            AmqpBroker broker = new(port ?? FreePort());
            foreach (string entity in names)
            {
                AmqpQueue queue = new(entity, rules ?? new(), broker.Faults, TimeProvider.System);
                broker.Add(entity, queue);
                broker.Add(entity + DeadSuffix, queue.Dead!);
            }

            try
            {
                broker._listener.Open();
                return broker;
            }
            catch (SocketException) when (port is null && attempt < Attempts)
            {
                // Another process was quicker on that port.
                broker.Dispose();
            }
        }
    }

    /// <summary>By its name; its dead letters are <see cref="AmqpQueue.Dead"/>.</summary>
    public AmqpQueue this[string entity] => _queues[entity];

    /// <summary>Every connection breaks, with no word to its client. New ones are taken.</summary>
    public void Cut()
    {
        foreach (AmqpConnection connection in _connections.Keys) Cut(connection);
    }

    public static void Cut(AmqpConnection connection) => connection.Abort();

    public void Dispose()
    {
        _listener.Close();
        Cut();
        foreach (AmqpQueue queue in _queues.Values) queue.Dispose();
    }

    AmqpConnection IConnectionFactory.CreateConnection(
        TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings,
        AmqpConnectionSettings connectionSettings)
    {
        AmqpConnection connection = new(transport, protocolHeader, false, amqpSettings, connectionSettings);
        _connections[connection] = true;
        connection.Closed += (_, _) => _connections.TryRemove(connection, out _);
        return connection;
    }

    AmqpSession ISessionFactory.CreateSession(AmqpConnection connection, AmqpSessionSettings settings) =>
        throw new NotSupportedException();

    AmqpLink ILinkFactory.CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        if (!settings.Role!.Value) return new SendingAmqpLink(session, settings);
        settings.MaxMessageSize = MaxMessageSize;
        return new ReceivingAmqpLink(session, settings);
    }

    IAsyncResult ILinkFactory.BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        Attach(link);
        TaskCompletionSource done = new(state);
        done.SetResult();
        callback(done.Task);
        return done.Task;
    }

    void ILinkFactory.EndOpenLink(IAsyncResult result) => ((Task)result).GetAwaiter().GetResult();

    private void Add(string entity, AmqpQueue queue)
    {
        _queues.Add(entity, queue);
        _responders.Add(entity + ManagementSuffix, new AmqpResponder(r => AmqpManagement.Answer(queue, r)));
    }

    private void Attach(AmqpLink link)
    {
        Address? address = link.IsReceiver
            ? (link.Settings.Target as Target)?.Address
            : (link.Settings.Source as Source)?.Address;
        string name = address?.ToString()?.TrimStart('/') ?? "";
        if (_responders.TryGetValue(name, out AmqpResponder? responder)) responder.Attach(link);
        else if (!_queues.TryGetValue(name, out AmqpQueue? queue))
            throw new AmqpException(AmqpErrorCode.NotFound, $"There is no {name}.");
        else if (link is ReceivingAmqpLink incoming) _ = new AmqpPublisher(incoming, queue, Faults);
        else _ = new AmqpConsumer((SendingAmqpLink)link, queue, Faults);
    }

    private static AmqpMessage Welcome()
    {
        AmqpMessage response = AmqpMessage.Create();
        response.ApplicationProperties.Map["status-code"] = 202;
        response.ApplicationProperties.Map["status-description"] = "Accepted";
        return response;
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
