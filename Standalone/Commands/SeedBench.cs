namespace Vellarys.Standalone.Commands;

internal static class SeedBench
{
    public static Task RunAsync() => Task.CompletedTask;
}
