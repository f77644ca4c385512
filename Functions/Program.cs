using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Vellarys;
using Vellarys.Api;
using Vellarys.Functions;

Patterns.LimitAll();
if (args is ["migrate"]) return await Migrate.RunAsync();
// The host starts a worker with options only.
if (args is [[not '-', ..], ..])
{
    await Console.Error.WriteLineAsync($"unknown command '{args[0]}'; there is: migrate");
    return 2;
}

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddLogs();
builder.LeaveSettingsToTheirCheck();
SettingsCheck settings = builder.Services.AddVellarys(builder.Configuration);
using IHost host = builder.Build();
try
{
    settings.Finish(host.Services);
}
catch (StartRefused e)
{
    await Console.Error.WriteLineAsync(e.Message);
    // As in the other host: 1 is left to what settings do not mend.
    return 2;
}

await host.RunAsync();
return 0;
