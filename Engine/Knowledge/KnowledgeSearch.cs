namespace Vellarys.Knowledge;

/// <summary>Full-text search in a tenant's knowledge base.</summary>
internal static class KnowledgeSearch
{
    /// <summary>
    /// The four best pieces for a question as <c>title, body</c>, best first; any of the question's words may match.
    /// Goes into a statement that has an alias <c>q (tenant_id uuid, question text)</c>, as <c>cross join lateral
    /// (...) k</c>. Costs one index probe for a tenant without documents.
    /// </summary>
    public const string Sql = "select s.title, s.body from search_knowledge(q.tenant_id, q.question) s";
}
