using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Conversations.Contacts;

/// <summary>Registers customers and leads as staff sees them.</summary>
internal static class ContactsSetup
{
    public static IServiceCollection AddContacts(this IServiceCollection services)
    {
        services.AddSingleton<ListContacts>();
        services.AddSingleton<SaveContact>();
        services.AddSingleton<ListLeads>();
        services.AddSingleton<ReadLead>();
        services.AddSingleton<DeleteLead>();
        return services;
    }
}
