using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Vellarys;
using Vellarys.Api;
using Vellarys.Functions;

Patterns.LimitAll();
if (args is ["migrate"]) return await Migrate.RunAsync();
FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddLogs();
SettingsCheck settings = builder.Services.AddVellarys(builder.Configuration);
using IHost host = builder.Build();
settings.Finish(host.Services);
await host.RunAsync();
return 0;
