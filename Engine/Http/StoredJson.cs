using System.Text.Json;

namespace Vellarys.Http;

/// <summary>JSON of a caller's own that is kept as it came: the database refuses some that a reader takes.</summary>
internal static class StoredJson
{
    private const string Unicode = "must be well-formed Unicode";

    // The database's numbers go further, but nobody's do.
    private const double Largest = 1e300;
    private const int MaxDigits = 400;

    /// <summary>Null for what can be kept.</summary>
    public static string? Fault(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .Select(p => IsText(() => p.Name) ? Fault(p.Value) : Unicode).FirstOrDefault(f => f is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(Fault).FirstOrDefault(f => f is not null),
        JsonValueKind.String => IsText(value.GetString) ? null : Unicode,
        JsonValueKind.Number => IsNumber(value) ? null : "must hold no number beyond 1e300",
        _ => null,
    };

    private static bool IsNumber(JsonElement value) =>
        value.GetRawText().Length <= MaxDigits && value.TryGetDouble(out double number) && Math.Abs(number) < Largest;

    // Half a pair of surrogates cannot be read.
    private static bool IsText(Func<string?> read)
    {
        try
        {
            _ = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
