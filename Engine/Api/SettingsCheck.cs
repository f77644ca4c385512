using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Vellarys.Api;

/// <summary>
/// Gathers what is wrong with the settings, of slices that read theirs while they register and of those whose options
/// are validated at the start, so that the operator reads everything at once.
/// </summary>
public sealed class SettingsCheck
{
    private readonly List<string> _mistakes = [];

    /// <summary>Registers a slice and keeps what it says of its settings.</summary>
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
        catch (AggregateException e) when (
            e.InnerExceptions.All(i => i is OptionsValidationException || IsUnreadable(i)))
        {
            foreach (Exception inner in e.InnerExceptions)
                _mistakes.AddRange((inner as OptionsValidationException)?.Failures ?? [inner.Message]);
        }
        catch (InvalidOperationException e) when (IsUnreadable(e))
        {
            _mistakes.Add(e.Message);
        }
    }

    // What the configuration binder throws for a text that is no number, or no time.
    private static bool IsUnreadable(Exception e) =>
        e is InvalidOperationException && e.InnerException is FormatException or ArgumentException or OverflowException;

    /// <summary>Throws a <see cref="StartRefused"/> that holds every mistake.</summary>
    public void Finish(IServiceProvider services)
    {
        Try(() => services.GetService<IStartupValidator>()?.Validate());
        // Slices of two hosts may read the same section.
        if (_mistakes.Count > 0) throw new StartRefused([.. _mistakes.Distinct(StringComparer.Ordinal)]);
    }
}

/// <summary>The settings make no sense.</summary>
public sealed class StartRefused(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
