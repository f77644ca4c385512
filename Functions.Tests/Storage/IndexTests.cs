using System.Reflection;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>The indexes that the product owes: there, valid, and chosen for what each was made for.</summary>
public sealed class IndexTests(IndexTests.Seeded seeded) : IClassFixture<IndexTests.Seeded>
{
    [Theory]
    [InlineData("ix_leads_tenant_created", "select id from leads where tenant_id = $1 order by created_at limit 5")]
    [InlineData("ix_leads_tenant_status", "select id from leads where tenant_id = $1 and status = 'won'")]
    [InlineData("ix_leads_tenant_qual", "select id from leads where tenant_id = $1 and qualification = 'hot'")]
    [InlineData("ix_leads_phone", "select id from leads where phone = '5511900000042'")]
    [InlineData("ix_leads_tenant_phone", "select id from leads where tenant_id = $1 and phone = '5511900000042'")]
    [InlineData("ix_leads_active",
        "select id from leads where tenant_id = $1 and status = 'open' order by last_activity_at desc limit 5")]
    [InlineData("ix_leads_reengagement",
        "select id from leads where tenant_id = $1 and reengagement_status = 'none' and last_activity_at < now()")]
    [InlineData("ix_leads_custom_data_gin", "select id from leads where custom_data @> '{\"cidade\": \"c42\"}'")]
    [InlineData("ix_leads_custom_data_gin",
        "select count(*) from leads l join messages m on lead_id = l.id where custom_data @> '{\"cidade\": \"c42\"}'")]
    [InlineData("ix_messages_lead_created", "select id from messages where lead_id = $2 order by created_at limit 5")]
    [InlineData("ix_messages_lead_created_role",
        "select count(*) from messages where lead_id = $2 and created_at > now() - interval '1 hour' and role = 'bot'")]
    [InlineData("ix_messages_external_id", "select id from messages where external_id = 'wamid.42'")]
    [InlineData("ix_messages_created", "select id from messages where created_at < now() - interval '1 day'")]
    [InlineData("ix_conversations_user", "select id from conversations where user_id = $2")]
    [InlineData("ix_conversations_team", "select id from conversations where team_id = $2")]
    [InlineData("ix_conversations_channel_contact",
        "select id from conversations where channel_id = $2 and contact_id = $2")]
    [InlineData("ix_conversations_contact", "select id from conversations where contact_id = $2")]
    [InlineData("ix_conversations_user_status",
        "select id from conversations where user_id = $2 and status = 'human'")]
    [InlineData("ix_conversations_status_user",
        "select id from conversations where tenant_id = $1 and status = 'human' and user_id = $2")]
    [InlineData("ix_conversations_open",
        "select id from conversations where tenant_id = $1 and channel_id = $2 and contact_id = $2 and status = 'bot'")]
    [InlineData("ix_deliveries_open",
        "select seq from deliveries where tenant_id = $1 and conversation_id = $2 and state in ('pending', 'unknown')")]
    [InlineData("ix_contacts_name_trgm", "select id from contacts where name ilike '%abcd%'")]
    [InlineData("ix_contacts_phone_trgm", "select id from contacts where phone ilike '%900000042%'")]
    [InlineData("ix_knowledge_chunks_search",
        "select id from knowledge_chunks where search @@ plainto_tsquery('portuguese', 'entrega')")]
    [InlineData("ix_queue_due",
        "select id from queue_messages where queue = 'q' and priority = 1 and due_at <= now() order by due_at limit 5")]
    [InlineData("ix_contacts_client_id", "select id from contacts where tenant_id = $1 and client_id = 'c42'")]
    [InlineData("ix_contacts_metadata_gin", "select id from contacts where metadata @> '{\"cidade\": \"c42\"}'")]
    [InlineData("ix_contacts_phone_status",
        "select id from contacts where phone = '5511900000042' and status = 'active'")]
    [InlineData("ix_contacts_tenant_phone", "select id from contacts where tenant_id = $1 and phone = '5511900000042'")]
    [InlineData("ix_conversations_in_charge",
        "select id from conversations where tenant_id = $1 and user_id = $2 and status in ('waiting', 'human')")]
    [InlineData("ix_conversations_listed",
        "select id from conversations where tenant_id = $1 and status = 'bot' order by listed_at desc, "
        + "last_message_at desc, id desc limit 5")]
    [InlineData("ix_idempotency_keys_claimed",
        "select key from idempotency_keys where tenant_id = $1 and claimed_at < now()")]
    [InlineData("ix_conversations_phone",
        "select id from conversations where tenant_id = $1 and phone_at < now()")]
    [InlineData("ix_conversations_waiting",
        "select id from conversations where tenant_id = $1 and status = 'waiting' limit 5")]
    [InlineData("ix_dead_letters_queue",
        "select id from queue_dead_letters where queue = 'q' order by died_at desc limit 5")]
    [InlineData("ix_dead_letters_subject", "select id from queue_dead_letters where subject = 's'")]
    [InlineData("ix_deliveries_failed",
        "select seq from deliveries where tenant_id = $1 and state = 'failed' order by created_at, message_id limit 5")]
    [InlineData("ix_deliveries_flow",
        "select seq from deliveries where tenant_id = $1 and flow_id = $2 and state = 'pending'")]
    [InlineData("ix_deliveries_provider_message",
        "select seq from deliveries where channel_id = $2 and provider_message_id = 'wamid.42'")]
    [InlineData("ix_deliveries_untold", "select seq from deliveries where tenant_id = $1 and untold")]
    [InlineData("ix_flow_events_seq", "select id from flow_events where tenant_id = $1 and flow_id = $2 order by seq")]
    [InlineData("ix_flow_events_unseen",
        "select id from flow_events where tenant_id = $1 and flow_id = $2 and version is null order by seq")]
    [InlineData("ix_flows_advanced",
        "select id from flows where tenant_id = $1 and ended_at is null and advanced_at < now()")]
    [InlineData("ix_flows_contact",
        "select id from flows where tenant_id = $1 and contact_id = $2 and created_at > now()")]
    [InlineData("ix_flows_conversation",
        "select id from flows where tenant_id = $1 and conversation_id = $2 order by created_at")]
    [InlineData("ix_flows_created",
        "select id from flows where tenant_id = $1 order by created_at desc, id desc limit 5")]
    [InlineData("ix_flows_listening",
        "select id from flows where tenant_id = $1 and contact_id = $2 and ended_at is null and listens <> 'nothing'")]
    [InlineData("ix_flows_running",
        "select id from flows where tenant_id = $1 and conversation_id = $2 and name = 'n' and ended_at is null")]
    [InlineData("ix_flows_wake", "select id from flows where tenant_id = $1 and ended_at is null and wake_at <= now()")]
    [InlineData("ix_handoff_requests_order",
        "select flow_id from handoff_requests where tenant_id = $1 order by urgency, since limit 5")]
    [InlineData("ix_identities_contact", "select value from identities where tenant_id = $1 and contact_id = $2")]
    [InlineData("ix_messages_conversation_created",
        "select id from messages where tenant_id = $1 and conversation_id = $2 order by created_at desc limit 5")]
    [InlineData("ix_notifications_agent",
        "select id from notifications where tenant_id = $1 and agent_id = $2 order by created_at desc limit 5")]
    [InlineData("ix_notifications_flow", "select id from notifications where tenant_id = $1 and flow_id = $2")]
    [InlineData("ix_notifications_unread", "select id from notifications where tenant_id = $1 and read = false")]
    [InlineData("ix_queue_order", "select id from queue_messages where order_key = $2 and enqueued_at < now()")]
    [InlineData("ix_receipts_recorded",
        "select channel_id from receipts where recorded_at < now() - interval '30 days'")]
    [InlineData("ix_receipts_tenant_recorded",
        "select channel_id from receipts where tenant_id = $1 and recorded_at > now()")]
    [InlineData("ix_receipts_unknown",
        "select channel_id from receipts where tenant_id = $1 and kind = 'U' order by recorded_at desc limit 5")]
    [InlineData("ix_survey_answers_tenant",
        "select score from survey_answers where tenant_id = $1 and answered_at > now()")]
    [InlineData("ix_team_members_agent", "select team_id from team_members where tenant_id = $1 and agent_id = $2")]
    [InlineData("ix_teams_name", "select id from teams where tenant_id = $1 and lower(name) = 'vendas'")]
    [InlineData("ix_turns_tenant_created", "select to_turn from turns where tenant_id = $1 and created_at > now()")]
    [InlineData("ix_unrouted_events_event",
        "select id from unrouted_events where provider = 'p' and address = 'a' and event_id = 'e'")]
    [InlineData("ix_unrouted_events_received", "select id from unrouted_events order by received_at, id limit 5")]
    [InlineData("ix_unrouted_events_signer",
        "select bytes from unrouted_events where only_for = $1 and reason = 'unknown_number'")]
    [InlineData("ix_webhook_deliveries_state",
        "select event_id from webhook_deliveries where tenant_id = $1 and endpoint_id = $2 and state = 'dead' "
        + "and event_id > $2 order by event_id limit 5")]
    [InlineData("ix_account_events_at",
        "select action from account_events where tenant_id = $1 order by at desc, id desc limit 5")]
    [InlineData("ix_media_message", "select id from media where tenant_id = $1 and message_id = $2")]
    [InlineData("ix_media_stored",
        "select id from media where tenant_id = $1 and state = 'stored' and stored_at < now() "
        + "order by stored_at limit 5")]
    [InlineData("ix_media_withdrawn",
        "select id from media where tenant_id = $1 and state = 'deleted' and sha256 is not null limit 5")]
    [InlineData("ix_media_unsent",
        "select id from media where tenant_id = $1 and message_id is null and state <> 'deleted' "
        + "and created_at < now() order by created_at limit 5")]
    [InlineData("ix_media_waiting",
        "select id from media where tenant_id = $1 and state = 'waiting' and created_at < now() "
        + "order by created_at limit 5")]
    [InlineData("ix_campaigns_created",
        "select id from campaigns where tenant_id = $1 order by created_at desc, id desc limit 5")]
    [InlineData("ix_campaigns_fingerprint",
        "select id from campaigns where tenant_id = $1 and fingerprint = 'f' and ended_at is null")]
    [InlineData("ix_campaign_recipients_position",
        "select contact_id from campaign_recipients where tenant_id = $1 and campaign_id = $2 and position > 5 "
        + "order by position limit 5")]
    [InlineData("ix_campaign_recipients_pending",
        "select contact_id from campaign_recipients where tenant_id = $1 and campaign_id = $2 and state = 'pending' "
        + "order by position limit 5")]
    [InlineData("ix_scheduled_messages_created",
        "select id from scheduled_messages where tenant_id = $1 order by created_at desc, id desc limit 5")]
    [InlineData("ix_scheduled_messages_due",
        "select id from scheduled_messages where status = 'scheduled' and send_at < now() order by send_at limit 5")]
    [InlineData("ix_agents_user", "select id from agents where tenant_id = $1 and user_id = $2")]
    [InlineData("ix_licences_server", "select id from licences where server_ip = '10.0.0.1' and active")]
    [InlineData("ix_memberships_active", "select user_id from memberships where tenant_id = $1 and active")]
    [InlineData("ix_memberships_profile", "select user_id from memberships where tenant_id = $1 and profile_id = $2")]
    [InlineData("ix_memberships_user", "select tenant_id from memberships where user_id = $1")]
    [InlineData("ix_oidc_states_used", "select state from oidc_states where used_at < now() - interval '1 hour'")]
    [InlineData("ix_platform_events_at", "select action from platform_events order by at desc, id desc limit 5")]
    [InlineData("ix_profiles_name", "select id from profiles where tenant_id = $1 and lower(name) = 'vendas'")]
    [InlineData("ix_refresh_tokens_session", "select hash from refresh_tokens where session_id = $1")]
    [InlineData("ix_sessions_expiry", "select id from sessions where expires_at < now()")]
    [InlineData("ix_sessions_user", "select id from sessions where user_id = $1 order by created_at desc limit 5")]
    [InlineData("ix_sign_in_attempts_end", "select key from sign_in_attempts where window_ends < now()")]
    [InlineData("ix_support_grants_until", "select id from support_grants where tenant_id = $1 and until > now()")]
    [InlineData("ix_users_email", "select id from users where lower(email) = 'a@b.c'")]
    [InlineData("ix_users_username", "select id from users where lower(username) = 'ana'")]
    [InlineData("ux_licences_active",
        "select id from licences where tenant_id = $1 and server_ip = '10.0.0.1' and active")]
    [InlineData("ux_plans_name", "select id from plans where lower(name) = 'pro'")]
    [InlineData("ux_prompt_versions_active", "select version from prompt_versions where tenant_id = $1 and active")]
    public async Task Index_ForItsStatement_IsValidAndUsed(string index, string statement)
    {
        Assert.True(await seeded.IsValidAsync(index), $"{index} is missing or invalid");
        // The message indexes' partitions carry names of their own; the parent's tells them apart.
        IReadOnlyList<string> names = await seeded.WithPartitionsAsync(index);
        string plan = await seeded.PlanAsync(statement, index);
        Assert.True(names.Any(n => plan.Contains(n, StringComparison.Ordinal)), plan);
    }

    [Fact]
    public async Task History_Newest30_ComesInOrderFromTheIndex()
    {
        string plan = await seeded.PlanAsync(
            """
            select id, role, body, created_at from messages
            where tenant_id = $1 and conversation_id = $2 order by created_at desc limit 30
            """);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        IReadOnlyList<string> names = await seeded.WithPartitionsAsync("ix_messages_conversation_created");
        Assert.True(names.Any(n => plan.Contains(n, StringComparison.Ordinal)), plan);
    }

    [Theory]
    [InlineData("ix_conversations_in_charge",
        "select a.id, l.load from agents_at_work a left join agent_loads l on l.tenant_id = a.tenant_id "
        + "and l.agent_id = a.id where a.tenant_id = $1 and a.active and a.presence = 'online'")]
    [InlineData("ix_conversations_in_charge",
        "select (select w.load from agent_loads w where w.tenant_id = a.tenant_id and w.agent_id = a.id) "
        + "from agents a where a.tenant_id = $1")]
    [InlineData("ix_conversations_waiting",
        "select c.id, c.user_id from conversation_summaries c where c.tenant_id = $1 and c.status = 'waiting'")]
    public async Task View_OfAnOwner_IsReadThroughTheTablesIndex(string index, string statement) =>
        Assert.Contains(index, await seeded.PlanAsync(statement, index), StringComparison.Ordinal);

    [Fact]
    public async Task Summary_WithoutTheCustomersColumns_DoesNotReadTheCustomer()
    {
        string plan = await seeded.PlanAsync(
            "select c.status, c.user_id from conversation_summaries c where c.tenant_id = $1 and c.id = $2");
        Assert.DoesNotContain("contacts", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("leads", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_SecondCopy_IsRefusedByAUniqueKey() =>
        Assert.True(await seeded.IsUniqueAsync("receipts_pkey"));

    [Fact]
    public async Task EveryIndex_ThatIsNoConstraint_HasAStatementAbove()
    {
        MethodInfo method = typeof(IndexTests).GetMethod(nameof(Index_ForItsStatement_IsValidAndUsed))!;
        IEnumerable<string> named = method.GetCustomAttributes<InlineDataAttribute>()
            .SelectMany(a => a.GetData(method)).Select(row => (string)row[0]);
        Assert.Equal(await seeded.NamesAsync(), named.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Or each message writes to every index of its conversation: a row is updated in place only where no index's
    /// column changes.
    /// </summary>
    [Fact]
    public async Task ConversationColumns_ThatAMessageChanges_AreInNoIndex() =>
        Assert.Empty(await seeded.IndexedAsync("conversations", [
            "last_message_at", "last_inbound_at", "last_seq", "turn", "answered_turn", "sealed_turn", "epoch",
            "burst_started_at", "window_started_at", "window_count", "bot_attempts", "summary", "summary_seq",
        ]));

    [Fact]
    public async Task EveryIndex_IsValid() => Assert.Empty(await seeded.InvalidAsync());

    /// <summary>One database for all of these: they only read.</summary>
    public sealed class Seeded : IAsyncLifetime
    {
        private readonly TenantId _tenant = new(Ids.New(TimeProvider.System));
        private TestDatabase _db = null!;

        public async Task InitializeAsync()
        {
            _db = await TestDatabase.CreateAsync();
            await using NpgsqlCommand seed = _db.Owner.CreateCommand("insert into tenants (id, name) values ($1, 'A')");
            seed.Parameters.Add(new() { Value = _tenant.Value });
            await seed.ExecuteNonQueryAsync();
            await using NpgsqlCommand rows = _db.Owner.CreateCommand(
                """
                insert into channels (tenant_id, id, kind, address)
                select id, gen_random_uuid(), 'sandbox', 'one' from tenants;
                insert into contacts (tenant_id, id, name, phone)
                select t.id, gen_random_uuid(), md5(g::text), '55119' || lpad(g::text, 8, '0')
                from tenants t, generate_series(1, 3000) g;
                insert into leads (tenant_id, id, contact_id, phone, custom_data)
                select tenant_id, gen_random_uuid(), id, phone,
                    jsonb_build_object('cidade', 'c' || row_number() over ()) from contacts;
                insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to)
                select l.tenant_id, gen_random_uuid(), c.id, l.contact_id, l.id, l.phone from leads l, channels c;
                insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, body, external_id)
                select tenant_id, gen_random_uuid(), id, lead_id, channel_id, g, 'cliente', 'oi', 'wamid.' || g || id
                from conversations, generate_series(1, 3) g;
                analyze
                """);
            await rows.ExecuteNonQueryAsync();
        }

        public async Task DisposeAsync() => await _db.DisposeAsync();

        /// <summary>The plan as the product gets it, in its role and scope; other indexes out of the way.</summary>
        internal async Task<string> PlanAsync(string statement, string? only = null)
        {
            await using NpgsqlConnection connection = await _db.Owner.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            if (only is not null) await HideOthersAsync(connection, only);
            await using NpgsqlBatch batch = new(connection, transaction)
            {
                BatchCommands =
                {
                    new("set local role vellarys_app"), TenantScope.For(_tenant), new("set local enable_seqscan = off"),
                    new("explain " + statement),
                },
            };
            NpgsqlParameterCollection parameters = batch.BatchCommands[3].Parameters;
            if (statement.Contains('$', StringComparison.Ordinal)) parameters.Add(new() { Value = _tenant.Value });
            if (statement.Contains("$2", StringComparison.Ordinal))
                parameters.Add(new() { Value = Ids.New(TimeProvider.System) });
            List<string> plan = [];
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
            return string.Join('\n', plan);
        }

        internal async Task<bool> IsValidAsync(string index) => await ScalarAsync(
            "select indisvalid from pg_index where indexrelid = to_regclass($1)", index) is true;

        internal async Task<bool> IsUniqueAsync(string index) => await ScalarAsync(
            "select indisunique and indisvalid from pg_index where indexrelid = to_regclass($1)", index) is true;

        internal async Task<IReadOnlyList<string>> WithPartitionsAsync(string index) => (string[])(await ScalarAsync(
            "select array_agg(relid::regclass::text) || $1 from pg_partition_tree(to_regclass($1))", index))!;

        /// <summary>What <c>\di</c> lists, but for keys and the parts of partitioned tables.</summary>
        internal async Task<IReadOnlyList<string>> NamesAsync()
        {
            const string sql =
                """
                select array_agg(c.relname::text order by c.relname collate "C")
                from pg_index i
                join pg_class c on c.oid = i.indexrelid and not c.relispartition
                where c.relnamespace = $1::regnamespace
                    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
                """;
            return (string[])(await ScalarAsync(sql, "public"))!;
        }

        /// <summary>Which of these columns an index of the table has, or its condition names.</summary>
        internal async Task<IReadOnlyList<string>> IndexedAsync(string table, string[] columns)
        {
            await using NpgsqlCommand command = _db.Owner.CreateCommand(
                """
                select c.name from unnest($2::text[]) as c (name)
                where exists (
                    select from pg_index i
                    where i.indrelid = to_regclass($1) and pg_get_indexdef(i.indexrelid) ~ ('\m' || c.name || '\M'))
                """);
            command.Parameters.Add(new() { Value = table });
            command.Parameters.Add(new() { Value = columns });
            List<string> found = [];
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) found.Add(reader.GetString(0));
            return found;
        }

        internal async Task<IReadOnlyList<string>> InvalidAsync()
        {
            const string sql =
                """
                select coalesce(array_agg(indexrelid::regclass), '{}')::text[]
                from pg_index where not indisvalid and indrelid::regclass::text <> $1
                """;
            return (string[])(await ScalarAsync(sql, ""))!;
        }

        // A small table has several indexes that would do; the question is whether this one can serve the statement.
        private static async Task HideOthersAsync(NpgsqlConnection connection, string only)
        {
            const string sql =
                """
                update pg_index set indisvalid = false
                where indrelid in (select relid from pg_partition_tree(
                        (select indrelid from pg_index where indexrelid = to_regclass($1)))
                    union select indrelid from pg_index where indexrelid = to_regclass($1))
                    and indexrelid <> to_regclass($1)
                    and indexrelid not in (select relid from pg_partition_tree(to_regclass($1)))
                """;
            await using NpgsqlCommand hide = new(sql, connection) { Parameters = { new() { Value = only } } };
            await hide.ExecuteNonQueryAsync();
        }

        private async Task<object?> ScalarAsync(string sql, string value)
        {
            await using NpgsqlCommand command = _db.Owner.CreateCommand(sql);
            command.Parameters.Add(new() { Value = value });
            return await command.ExecuteScalarAsync();
        }
    }
}
