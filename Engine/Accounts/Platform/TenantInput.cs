using System.Text.RegularExpressions;
using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>A tenant as the platform wants it.</summary>
internal sealed partial record TenantInput
{
    public string? Name { get; set; }

    /// <summary>The language of its staff and customers. Default pt-BR.</summary>
    public string? Locale { get; set; } = "pt-BR";

    /// <summary>Where its clocks stand. Default America/Sao_Paulo.</summary>
    public string? TimeZone { get; set; } = "America/Sao_Paulo";

    /// <summary>Its plan; null (default) for one without limits.</summary>
    public Guid? PlanId { get; set; }

    /// <summary>Why it is made although something is red. Default none; only of one that is made.</summary>
    public string? Override { get; set; }

    public IEnumerable<FieldFault> Faults()
    {
        if (TextInput.Fault(Name, 200) is { } name) yield return new FieldFault("name", name);
        if (Locale is null || !LocaleForm().IsMatch(Locale))
            yield return new FieldFault("locale", "must be a language with or without a region, such as pt-BR");
        if (TimeZone is null || TimeZone.Length > 100 || !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new FieldFault("timeZone", "must be the name of a time zone, such as America/Sao_Paulo");
        if (Override is not null && TextInput.Fault(Override, AdmitTenant.MaxReason) is { } reason)
            yield return new FieldFault("override", reason);
    }

    [GeneratedRegex("^[a-z]{2}(-[A-Z]{2})?$", RegexOptions.NonBacktracking)]
    private static partial Regex LocaleForm();
}
