namespace Vellarys.Assistant; internal static class Texts { public static string Get(string key, string locale) => key + locale; }
