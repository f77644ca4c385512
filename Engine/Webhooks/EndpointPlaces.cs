namespace Vellarys.Webhooks;

/// <summary>
/// How many calls of one endpoint this process makes at once, so that one that is slow or dead takes no handlers from
/// others: what is over the limit is put off, each to a turn of its own, at the pace at which the endpoint answers.
/// </summary>
internal sealed class EndpointPlaces(WebhookOptions options, TimeProvider time)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Place> _places = [];

    /// <summary>Null: go on, and <see cref="Leave"/> afterwards. Else how long to wait.</summary>
    public TimeSpan? Enter(Guid endpoint)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(endpoint, out Place? place)) _places[endpoint] = place = new Place();
            int limit = place.IsSlow ? 1 : options.CallsPerEndpoint;
            if (place.Running < limit)
            {
                place.Running++;
                return null;
            }

            DateTimeOffset now = time.GetUtcNow();
            if (place.NextTurn < now) place.NextTurn = now;
            place.NextTurn += place.Usual / limit;
            TimeSpan wait = place.NextTurn - now;
            if (wait <= Most) return wait > Least ? wait : Least;
            place.NextTurn = now + Most;
            return Most;
        }
    }

    public void Leave(Guid endpoint, CallOutcome? outcome)
    {
        lock (_lock)
        {
            Place place = _places[endpoint];
            place.Running--;
            if (outcome is not null)
            {
                place.IsSlow = outcome.IsSlow;
                place.Usual = (place.Usual + TimeSpan.FromMilliseconds(outcome.DurationMs)) / 2;
            }

            if (place is { Running: 0, IsSlow: false } && place.NextTurn <= time.GetUtcNow()) _places.Remove(endpoint);
        }
    }

    private sealed class Place
    {
        public int Running { get; set; }

        /// <summary>Its last call ran into the time limit: one at a time, until one does not.</summary>
        public bool IsSlow { get; set; }

        public TimeSpan Usual { get; set; } = Least;

        public DateTimeOffset NextTurn { get; set; }
    }
}
