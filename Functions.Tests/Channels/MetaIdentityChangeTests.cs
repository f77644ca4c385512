using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class MetaIdentityChangeTests
{
    [Theory]
    [InlineData(
        """ "from":"5541987654321","system":{"type":"user_changed_number","wa_id":"554187650002"} """,
        "phone:5541987654321", "number_changed 5541987650002 - 554187650002")]
    [InlineData(
        """
        "from":"5541987654321","from_user_id":"BR.2","system":{"type":"user_changed_number","wa_id":"5541987650002",
        "user_id":"BR.2","previous_user_id":"BR.1"}
        """,
        "bsuid:BR.1 bsuid:BR.2 phone:5541987654321", "number_changed 5541987650002 BR.2 5541987650002")]
    [InlineData(
        """ "from":"5541987654321","system":{"type":"customer_changed_number","new_wa_id":"5215512345678"} """,
        "phone:5541987654321", "number_changed 525512345678 - 5215512345678")]
    [InlineData(
        """ "from_user_id":"BR.1","system":{"type":"user_changed_user_id","user_id":"BR.2"} """,
        "bsuid:BR.1", "user_id_changed - BR.2 BR.2")]
    [InlineData(
        """
        "from_user_id":"BR.2","system":{"type":"user_changed_user_id","user_id":"BR.2","previous_user_id":"BR.1"}
        """,
        "bsuid:BR.1 bsuid:BR.2", "user_id_changed - BR.2 BR.2")]
    [InlineData(
        """ "from":"554187654321","system":{"type":"customer_identity_changed","identity":"h"} """,
        "phone:5541987654321", "owner_changed - - -")]
    [InlineData(
        """ "system":{"type":"customer_identity_changed","identity":"h","customer":"+5541987654321"} """,
        "phone:5541987654321", "owner_changed - - -")]
    public void Read_WhoSomebodyIs_IsAChange(string part, string known, string expected)
    {
        InboundEvent happened = Read(part);
        Assert.Equal(InboundKind.Notice, happened.Kind);
        Assert.Equal(known, string.Join(' ', happened.Identities.Select(i => $"{i.Kind}:{i.Value}")));
        IdentityChange change = Assert.IsType<IdentityChange>(happened.Change);
        Assert.Equal(expected, $"{change.What} {change.Phone ?? "-"} {change.Bsuid ?? "-"} {change.Address ?? "-"}");
    }

    [Theory]
    [InlineData(""" "from":"5541987654321","system":{"type":"user_changed_number"} """)]
    [InlineData(""" "from":"5541987654321","system":{"type":"user_changed_number","wa_id":"novo"} """)]
    [InlineData(""" "from":"5541987654321","system":{"type":"user_changed_user_id","user_id":7} """)]
    [InlineData(""" "from":"5541987654321","system":{"type":"something_else","wa_id":"5541987650002"} """)]
    [InlineData(""" "from":"5541987654321" """)]
    public void Read_ThatDoesNotSayWho_IsANoticeLikeAnyOther(string part)
    {
        InboundEvent happened = Read(part);
        Assert.Equal((InboundKind.Notice, "system"), (happened.Kind, happened.Type));
        Assert.Null(happened.Change);
    }

    private static InboundEvent Read(string part) => Payloads.Single(Payloads.WithMessage(
        $$"""{"id":"wamid.1","timestamp":"1760000000","type":"system",{{part}}}"""));
}
