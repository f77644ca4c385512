using Microsoft.Extensions.Options;

namespace Vellarys.Standalone;

/// <summary>
/// Gathers what is wrong with the settings, of slices that read theirs while they register and of those whose options
/// are validated at the start, so that the operator reads everything at once.
/// </summary>
internal sealed class SettingsCheck
{
    private readonly List<string> _mistakes = [];

    public void Try(Action register)
    {
        try
        {
            register();
        }
        catch (OptionsValidationException e)
        {
            _mistakes.AddRange(e.Failures);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(i => i is OptionsValidationException))
        {
            _mistakes.AddRange(e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures));
        }
    }

    /// <summary>Throws a <see cref="StartRefused"/> that holds every mistake.</summary>
    public void Finish(IServiceProvider services)
    {
        Try(() => services.GetService<IStartupValidator>()?.Validate());
        if (_mistakes.Count > 0) throw new StartRefused(_mistakes);
    }
}

/// <summary>The settings make no sense.</summary>
internal sealed class StartRefused(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
