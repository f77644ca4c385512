namespace Vellarys.Standalone.Commands;

internal static class Migrate
{
    public static Task RunAsync() => Task.CompletedTask;
}
