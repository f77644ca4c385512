#pragma warning disable
namespace Vellarys.Conversations;
public abstract record ChargeChange { public sealed record Changed(string Status, int Epoch) : ChargeChange; public sealed record NotFound : ChargeChange; public sealed record Refused(string Code, string Reason) : ChargeChange; }
public abstract record StaffReply { public sealed record Queued(MessageId Id) : StaffReply; public sealed record NotFound : StaffReply; public sealed record Refused(string Code, string Reason) : StaffReply; }
public sealed class TakeOver { public Task<ChargeChange> RunAsync(TenantId tenant, ConversationId conversation, Guid? userId, CancellationToken ct) => throw new NotImplementedException(); }
public sealed class GiveBack { public Task<ChargeChange> RunAsync(TenantId tenant, ConversationId conversation, CancellationToken ct) => throw new NotImplementedException(); }
public sealed class CloseConversation { public Task<ChargeChange> RunAsync(TenantId tenant, ConversationId conversation, CancellationToken ct) => throw new NotImplementedException(); }
public sealed class ReplyAsStaff { public Task<StaffReply> RunAsync(TenantId tenant, ConversationId conversation, string text, CancellationToken ct) => throw new NotImplementedException(); }
public sealed record CustodyReport(long Received);
public sealed class CustodyBalance { public Task<CustodyReport> RunAsync(TenantId tenant, DateTimeOffset since, CancellationToken ct) => throw new NotImplementedException(); }
public sealed record MessageCustody(string Outcome);
public sealed class FindMessage { public Task<MessageCustody?> RunAsync(TenantId tenant, string providerMessageId, CancellationToken ct) => throw new NotImplementedException(); }
