using System.Globalization;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>
/// The broker as a process of its own, for load tests that count the app's CPU apart from it: with the app's queues, on
/// the port that <c>BROKER_PORT</c> says. It ends with its input.
/// </summary>
internal static class AmqpBrokerProgram
{
    public const string Name = "broker";

    public static async Task RunAsync()
    {
        int port = int.Parse(Environment.GetEnvironmentVariable("BROKER_PORT")!, CultureInfo.InvariantCulture);
        using AmqpBroker broker = AmqpBroker.Start(FunctionsWorld.Entities, port: port);
        await Console.In.ReadToEndAsync(CancellationToken.None);
    }
}
