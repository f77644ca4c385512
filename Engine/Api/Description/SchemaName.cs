using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Vellarys.Api.Description;

/// <summary>How the description calls a type: two endpoints may each have a <c>PasswordBody</c> of their own.</summary>
internal static class SchemaName
{
    public static string Of(Type type)
    {
        string name = type.IsGenericType
            ? type.Name[..type.Name.IndexOf('`')] + "Of" + string.Concat(type.GetGenericArguments().Select(Of))
            : type.Name;
        string? owner = type.DeclaringType?.Name;
        if (owner is null || name.StartsWith(Stem(owner), StringComparison.Ordinal)) return name;
        return Stem(owner) + name;
    }

    /// <summary>Null for what stands where it is used: texts, numbers, lists, what has no name in the
    /// code.</summary>
    public static string? Of(JsonTypeInfo type)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null) return null;
        string name = Of(Nullable.GetUnderlyingType(type.Type) ?? type.Type);
        return name.Contains('<', StringComparison.Ordinal) ? null : name;
    }

    private static string Stem(string owner)
    {
        foreach (string suffix in (string[])["Endpoints", "EndpointRoutes"])
        {
            if (owner.EndsWith(suffix, StringComparison.Ordinal)) return owner[..^suffix.Length];
        }

        return owner;
    }
}
