using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Jobs;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Jobs;

/// <summary>One list of jobs: what is registered, what is scheduled, and what timers do are the same.</summary>
public sealed class JobSchedulesTests
{
    private static readonly JobSchedule[] Each = [.. JobSchedules.All, .. JobSchedules.Outside];

    public static TheoryData<string> Names => [.. Each.Select(s => s.Name)];

    [Fact]
    public async Task Registered_EachJob_HasItsEntryAndEachEntryItsJob()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Assert.Equal(
            JobSchedules.All.OrderBy(s => s.Name, StringComparer.Ordinal),
            host.Services.GetServices<IJob>().Select(j => j.Schedule).OrderBy(s => s.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Constants_NamesAndTimers_AreUsedOnceEach()
    {
        Assert.Equal(Constants(typeof(JobNames)), Each.Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Constants(typeof(JobTimers)), Each.Select(s => s.Timer).Order(StringComparer.Ordinal));
        Assert.Distinct(Each.Select(s => s.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Timer_OverThreeDays_FiresAtTheInterval(string name)
    {
        JobSchedule schedule = Each.Single(s => s.Name == name);
        List<DateTime> fires = [.. Fires(schedule.Timer, new DateTime(2026, 2, 27), TimeSpan.FromDays(3))];
        Assert.True(fires.Count >= 3, schedule.Timer);
        Assert.All(fires.Zip(fires.Skip(1)), pair => Assert.Equal(schedule.Every, pair.Second - pair.First));
    }

    [Fact]
    public void Timers_JobsOfAllInstances_DoNotStartTogether() =>
        Assert.Distinct(Each.Select(s => s.Timer.Split(' ')[0]));

    private static IEnumerable<string> Constants(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (string)f.GetRawConstantValue()!)
        .Order(StringComparer.Ordinal);

    // NCRONTAB as far as the list uses it: a number, *, or */n.
    private static IEnumerable<DateTime> Fires(string timer, DateTime from, TimeSpan length)
    {
        string[] fields = timer.Split(' ');
        Assert.Equal(6, fields.Length);
        for (DateTime at = from; at < from + length; at = at.AddSeconds(1))
        {
            int[] now = [at.Second, at.Minute, at.Hour, at.Day, at.Month, (int)at.DayOfWeek];
            if (fields.Zip(now).All(f => Holds(f.First, f.Second))) yield return at;
        }
    }

    private static bool Holds(string field, int now) => field switch
    {
        "*" => true,
        ['*', '/', .. var step] => now % int.Parse(step, null) == 0,
        _ => int.Parse(field, null) == now,
    };
}
