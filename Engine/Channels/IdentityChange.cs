namespace Vellarys.Channels;

/// <summary>A customer is known by something else now, or a number is somebody else's: the provider says so.</summary>
/// <param name="What">One of the constants of this type.</param>
/// <param name="Phone">The new number in its canonical form; null when there is none, or it is not told.</param>
/// <param name="Bsuid">The new business-scoped id; null when there is none.</param>
/// <param name="Address">What replies go to from now on; null when they can no longer go anywhere.</param>
public sealed record IdentityChange(string What, string? Phone, string? Bsuid, string? Address)
{
    /// <summary>The customer took their account to another number.</summary>
    public const string Number = "number_changed";

    /// <summary>The customer has another business-scoped id.</summary>
    public const string UserId = "user_id_changed";

    /// <summary>Whoever holds the number now may be another person.</summary>
    public const string Owner = "owner_changed";
}
