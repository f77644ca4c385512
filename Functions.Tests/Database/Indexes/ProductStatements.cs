using System.Reflection;
using Npgsql;
using Vellarys.Accounts.Platform;
using Vellarys.Accounts.Sessions;
using Vellarys.Accounts.Teams;
using Vellarys.Accounts.Users;
using Vellarys.Conversations.Contacts;
using Vellarys.Conversations.Inbox;
using Vellarys.Conversations.Recording;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Flows.Reengagement;
using Vellarys.Storage;

namespace Vellarys.Tests.Database.Indexes;

/// <summary>Statements that the product runs, as its classes have them, by the index that each is served by.</summary>
internal static class ProductStatements
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>
    /// Of two indexes that serve a statement equally well the planner takes either: then the other is put aside to see
    /// that this one serves it.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string[]> Twins = new Dictionary<string, string[]>
    {
        ["ix_leads_phone"] = ["ix_leads_tenant_phone"],
        ["ix_leads_tenant_phone"] = ["ix_leads_phone"],
        ["ix_contacts_phone_status"] = ["ix_contacts_tenant_phone"],
        ["ix_contacts_tenant_phone"] = ["ix_contacts_phone_status"],
        ["ix_conversations_user"] = ["ix_conversations_user_status", "ix_conversations_status_user"],
        ["ix_conversations_user_status"] = ["ix_conversations_user", "ix_conversations_status_user"],
        ["ix_conversations_status_user"] = ["ix_conversations_user", "ix_conversations_user_status"],
        ["ix_messages_lead_created"] = ["ix_messages_lead_created_role"],
        ["ix_messages_lead_created_role"] = ["ix_messages_lead_created"],
        ["ix_conversations_channel_contact"] = ["ix_conversations_contact"],
        // Twenty thousand contacts are read as fast as the parts of a word are put together.
        ["ix_contacts_name_trgm"] = ["ix_contacts_tenant_phone", "contacts_pkey"],
        ["ix_contacts_phone_trgm"] = ["ix_contacts_tenant_phone", "contacts_pkey"],
    };

    /// <summary>With values, as a caller would ask.</summary>
    public static readonly IReadOnlyDictionary<string, Func<SeededRows, NpgsqlBatchCommand>> Asked =
        new Dictionary<string, Func<SeededRows, NpgsqlBatchCommand>>
        {
            ["ix_leads_tenant_created"] = s => Leads(s, new(51)),
            ["ix_leads_tenant_status"] = s => Leads(s, new(51) { Status = "won" }),
            ["ix_leads_tenant_qual"] = s => Leads(s, new(51) { Qualification = "hot" }),
            ["ix_leads_phone"] = s => Leads(s, new(51) { Phones = [s.Phone] }),
            ["ix_leads_tenant_phone"] = s => Leads(s, new(51) { Phones = [s.Phone] }),
            ["ix_leads_custom_data_gin"] = s => Leads(s, new(51) { Field = """{"cidade":"c4242"}""" }),
            ["ix_leads_active"] = s => ListLeads.ActiveQuery(s.Tenant, new(51)),
            ["ix_contacts_name_trgm"] = s => Contacts(s, new(51) { Pattern = "%a1b2c%" }),
            ["ix_contacts_phone_trgm"] = s => Contacts(s, new(51) { Pattern = "%00004242%" }),
            ["ix_contacts_tenant_phone"] = s => Contacts(s, new(51) { Phones = [s.Phone] }),
            ["ix_contacts_phone_status"] = s => Contacts(s, new(51) { Phones = [s.Phone], Status = "active" }),
            ["ix_contacts_client_id"] = s => Contacts(s, new(51) { ClientId = "erp-4242" }),
            ["ix_contacts_metadata_gin"] = s => Contacts(s, new(51) { Field = """{"cidade":"c4242"}""" }),
            ["ix_conversations_listed"] = s => Conversations(s, new(null, null, null, null, 51)),
            ["ix_conversations_contact"] = s => Conversations(
                s, new(null, null, null, null, 51) { Contact = s.Contact }),
            ["ix_conversations_user"] = s => Conversations(s, new(null, null, null, null, 51) { Agent = s.Agent }),
            ["ix_conversations_user_status"] = s => Conversations(
                s, new(["human"], null, null, null, 51) { Agent = s.Agent }),
            ["ix_conversations_status_user"] = s => Conversations(
                s, new(["human"], null, null, null, 51) { Agent = s.Agent }),
            ["ix_conversations_team"] = s => Conversations(s, new(null, null, null, null, 51) { Team = s.Team }),
            ["ix_messages_lead_created"] = s => ReadLead.MessagesQuery(s.Tenant, s.Lead, null, null, 51),
            ["ix_messages_lead_created_role"] = s => ReadLead.Query(s.Tenant, s.Lead, Now),
            ["ix_messages_conversation_created"] = s => Conversations(s, new(null, null, null, null, 51)),
        };

    /// <summary>With a plan for whatever values: what the product prepares once and keeps.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string>> Kept = new Dictionary<string, Func<string>>
    {
        ["ix_leads_reengagement"] = () => EngineSql.Of<ScanReengagement>("scan-reengagement.sql"),
        ["ix_conversations_channel_contact"] = () => EngineSql.Of<RecordMessage>("record-conversations.sql"),
        ["ix_notifications_unread"] = () => Of<ListNotifications>("Unread"),
        ["ix_deliveries_open"] = () => EngineSql.Of<ListDeliveries>("list-deliveries.sql"),
        ["ix_users_email"] = () => Of<FindAccount>("Named"),
        ["ix_users_username"] = () => Of<FindAccount>("Named"),
        ["ix_memberships_active"] = () => EngineSql.Of<CreateUser>("create-user.sql"),
    };

    /// <summary>The text that a class holds in a constant.</summary>
    public static string Of<T>(string constant) => (string)typeof(T)
        .GetField(constant, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.GetValue(null)!;

    public static string Licences => Of<LicenceStore>("List");

    private static NpgsqlBatchCommand Leads(SeededRows rows, LeadFilter filter) => ListLeads.Query(rows.Tenant, filter);

    private static NpgsqlBatchCommand Contacts(SeededRows rows, ContactFilter filter) =>
        ListContacts.Query(rows.Tenant, filter);

    private static NpgsqlBatchCommand Conversations(SeededRows rows, ConversationFilter filter) =>
        ListConversations.Query(rows.Tenant, filter);
}

/// <summary>Rows that statements ask for.</summary>
internal sealed record SeededRows(
    TenantId Tenant, Guid Contact, Guid Lead, Guid Conversation, Guid Agent, Guid Team, string Phone);
