using Vellarys.Channels;
using Vellarys.Http;

namespace Vellarys.Conversations.Contacts;

/// <summary>What a caller looks a customer up by.</summary>
internal static class PhoneInput
{
    /// <summary>Any way of writing a number; null when not given.</summary>
    public static string[]? Read(QueryInput query, string name)
    {
        if (query.Text(name, 40) is not { } typed) return null;
        string[]? meanings = TypedPhone.Meanings(typed);
        if (meanings is null) query.Refuse(name, "must be a phone number of 5 to 20 digits");
        return meanings;
    }
}
