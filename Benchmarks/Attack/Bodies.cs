using System.Text;

namespace Vellarys.Benchmarks.Attack;

/// <summary>Webhook bodies as Meta writes them, and as nobody does.</summary>
internal static class Bodies
{
    public static byte[] Of(long number, IEnumerable<string> messages, string contacts = "", string beside = "") =>
        Encoding.UTF8.GetBytes(
            """{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{""" +
            $"\"metadata\":{{\"phone_number_id\":\"{number}\"}},{beside}\"contacts\":[{contacts}]," +
            $"\"messages\":[{string.Join(',', messages)}]" + "}}]}]}");

    public static string Text(string id, string from, string text)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return $"{{\"id\":\"{id}\",\"from\":\"{from}\",\"timestamp\":\"{now}\",\"type\":\"text\"," +
            $"\"text\":{{\"body\":\"{text}\"}}}}";
    }
}
