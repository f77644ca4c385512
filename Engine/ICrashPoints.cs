namespace Vellarys;

/// <summary>
/// Named places around commits and calls to the outside where a crash test kills the process. Nothing happens at them
/// otherwise.
/// </summary>
public interface ICrashPoints
{
    void Reach(string point);
}
