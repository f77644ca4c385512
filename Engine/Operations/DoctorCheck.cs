namespace Vellarys.Operations;

/// <summary>One of the nine.</summary>
/// <param name="State"><c>green</c>, <c>yellow</c>, <c>red</c>, or <c>unknown</c>: it cannot be seen from here.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Action">What to do; null where there is nothing.</param>
internal sealed record DoctorCheck(string Check, string State, string Detail, string? Action)
{
    public static DoctorCheck Green(string check, string detail) => new(check, "green", detail, null);

    public static DoctorCheck Yellow(string check, string detail, string action) =>
        new(check, "yellow", detail, action);

    public static DoctorCheck Red(string check, string detail, string action) => new(check, "red", detail, action);

    public static DoctorCheck Unknown(string check, string detail, string action) =>
        new(check, "unknown", detail, action);
}
