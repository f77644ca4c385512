using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Vellarys.Messaging;

namespace Vellarys.Tests.Messaging;

/// <summary>Options of a queue as a host would read them from its configuration.</summary>
internal static class QueueSettings
{
    /// <param name="options">Null for the built-in ones.</param>
    public static IConfiguration Of(QueueOptions? options)
    {
        Dictionary<string, string?> settings = [];
        foreach (PropertyInfo property in options is null ? [] : typeof(QueueOptions).GetProperties())
        {
            settings[$"Messaging:Default:{property.Name}"] =
                string.Create(CultureInfo.InvariantCulture, $"{property.GetValue(options)}");
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
