using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Channels.Media;

/// <summary>What is kept of the files in messages, where, and for how long.</summary>
internal sealed class MediaOptions
{
    public const string Section = "Media";

    /// <summary>The largest file that is taken, in bytes. Default 100 MB, as WhatsApp allows for documents.</summary>
    public long MaxBytes { get; set; } = 100_000_000;

    /// <summary>The folder of the files, for the store on disk. Default <c>media</c> in the working folder.</summary>
    public string Folder { get; set; } = "media";

    /// <summary>How long a file is kept. Default 365 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long a link to a file is good for. Default 5 minutes.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a file is asked for that its provider does not give. Default 1 day.</summary>
    public TimeSpan AskFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>A ClamAV daemon, as <c>host:port</c>, that looks into each file. Null: none does.</summary>
    public string? Scanner { get; set; }

    /// <exception cref="OptionsValidationException">Lists everything that is wrong.</exception>
    public static MediaOptions Read(IConfiguration configuration)
    {
        MediaOptions options = configuration.GetSection(Section).Get<MediaOptions>() ?? new();
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0) throw new OptionsValidationException(Section, typeof(MediaOptions), faults);
        return options;
    }

    private IEnumerable<string> Faults()
    {
        if (MaxBytes is < 1 or > 2_000_000_000)
            yield return $"{Section}:{nameof(MaxBytes)} must lie between 1 and 2,000,000,000";
        if (string.IsNullOrWhiteSpace(Folder)) yield return $"{Section}:{nameof(Folder)} must name a folder";
        if (Keep < TimeSpan.FromDays(1)) yield return $"{Section}:{nameof(Keep)} must be at least 1 day";
        if (LinkLifetime < TimeSpan.FromSeconds(10) || LinkLifetime > TimeSpan.FromHours(1))
            yield return $"{Section}:{nameof(LinkLifetime)} must lie between 10 s and 1 hour";
        if (AskFor < TimeSpan.FromMinutes(1) || AskFor > TimeSpan.FromDays(14))
            yield return $"{Section}:{nameof(AskFor)} must lie between 1 minute and 14 days";
        if (Scanner is not null && !ClamdScanner.TryParse(Scanner, out _, out _))
            yield return $"{Section}:{nameof(Scanner)} must be host:port";
    }
}
