namespace Vellarys.Channels;

/// <summary>What a provider can send beside text.</summary>
[Flags]
public enum OutboundKinds
{
    None = 0,

    /// <summary>Templates that were approved beforehand.</summary>
    Templates = 1,

    /// <summary>Pictures, videos, audio, documents, stickers.</summary>
    Media = 2,

    /// <summary>A text with up to three buttons.</summary>
    Buttons = 4,

    /// <summary>A text with a list of rows to choose from.</summary>
    Lists = 8,

    Reactions = 16,

    Locations = 32,

    /// <summary>A message that quotes another.</summary>
    Quotes = 64,
}
