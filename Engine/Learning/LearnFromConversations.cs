using Microsoft.Extensions.Logging;
using Vellarys.Jobs;

namespace Vellarys.Learning;

/// <summary>
/// The place of the learning jobs: their timer, their budget and their queue (<c>learning-tasks</c>) are here, and what
/// they would do is not. Asks no model and writes no message.
/// </summary>
internal sealed class LearnFromConversations(LearningOptions options, ILogger<LearnFromConversations> logger) : IJob
{
    public JobSchedule Schedule => JobSchedules.LearnFromConversations;

    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.IsOn) logger.NothingToLearnFrom(options.TokensPerDay);
        return Task.CompletedTask;
    }
}
