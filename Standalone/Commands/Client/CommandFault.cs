namespace Vellarys.Standalone.Commands.Client;

/// <summary>What is said, in one line, instead of a result.</summary>
/// <param name="exitCode">1: it was not done; 2: it was not said properly.</param>
internal sealed class CommandFault(string message, int exitCode = CommandFault.Failed) : Exception(message)
{
    public const int Failed = 1;
    public const int Usage = 2;

    public int ExitCode => exitCode;
}
