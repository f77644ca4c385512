namespace Vellarys.Standalone.Commands;

internal static class SeedDemo
{
    public static Task RunAsync() => Task.CompletedTask;
}
