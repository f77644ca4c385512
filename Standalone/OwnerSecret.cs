using System.Runtime.InteropServices;

namespace Vellarys.Standalone;

/// <summary>
/// The owner's address is read once. After that neither this process's environment holds it, where /proc shows it to
/// whoever may look at the process, nor that of any child.
/// </summary>
internal static partial class OwnerSecret
{
    private static readonly string[] Names = ["DATABASE_URL", "Database__Url"];

    /// <summary>
    /// Once the settings are read into <paramref name="configuration"/> and the options made from it.
    /// </summary>
    public static void Forget(IConfiguration configuration)
    {
        foreach (string name in Names)
        {
            Environment.SetEnvironmentVariable(name, null);
            // .NET keeps a copy of the environment; what the kernel shows is the original.
            if (OperatingSystem.IsLinux()) Overwrite(GetEnvironment(name));
        }

        configuration["DATABASE_URL"] = null;
        configuration["Database:Url"] = null;
    }

    private static void Overwrite(nint value)
    {
        for (int i = 0; value != 0 && Marshal.ReadByte(value, i) != 0; i++) Marshal.WriteByte(value, i, 0);
    }

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable SYSLIB1054 // A generated marshaller would make the whole assembly unsafe.
    private static extern nint GetEnvironment([MarshalAs(UnmanagedType.LPStr)] string name);
#pragma warning restore SYSLIB1054
}
