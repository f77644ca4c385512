namespace Vellarys.Webhooks;

/// <summary>
/// How many calls of one endpoint this process makes at once, so that one that is slow or dead takes no handlers from
/// others. What is over the limit waits in the books.
/// </summary>
internal sealed class EndpointPlaces(WebhookOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Place> _places = [];

    /// <summary>True: go on, and <see cref="Leave"/> afterwards. False: it has as many calls as it may.</summary>
    public bool Enter(Guid endpoint)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(endpoint, out Place? place)) _places[endpoint] = place = new Place();
            if (place.Running >= (place.IsSlow ? 1 : options.CallsPerEndpoint)) return false;
            place.Running++;
            return true;
        }
    }

    public void Leave(Guid endpoint, CallOutcome? outcome)
    {
        lock (_lock)
        {
            Place place = _places[endpoint];
            place.Running--;
            if (outcome is not null) place.IsSlow = outcome.IsSlow;
            if (place is { Running: 0, IsSlow: false }) _places.Remove(endpoint);
        }
    }

    private sealed class Place
    {
        public int Running { get; set; }

        /// <summary>Its last call ran into the time limit: one at a time, until one does not.</summary>
        public bool IsSlow { get; set; }
    }
}
