using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Api;
using Vellarys.Caching;
using Vellarys.Channels;
using Vellarys.Channels.Media;
using Vellarys.Channels.Sealing;
using Vellarys.Channels.Setup;
using Vellarys.Channels.Stops;
using Vellarys.Channels.Templates;
using Vellarys.Conversations;
using Vellarys.Flows;
using Vellarys.Health;
using Vellarys.Knowledge;
using Vellarys.Learning;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Secrets;
using Vellarys.Tests.Support;
using Vellarys.Webhooks;

namespace Vellarys.Tests.Api;

/// <summary>
/// The API alone, over real HTTP and PostgreSQL: no queue workers, so nothing happens that a test did not do.
/// </summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app, TestDatabase database)
    {
        _app = app;
        Database = database;
        Rows = new ConversationRows(database);
        Address = new Uri(app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public TestDatabase Database { get; }

    public ConversationRows Rows { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="settings">
    /// Configuration, e.g. <c>Api:Key</c>; without a word on it the tests' own machine needs no key.
    /// </param>
    /// <param name="remote">Where requests seem to come from; null: where they do.</param>
    /// <param name="services">Further registrations.</param>
    /// <param name="map">Further endpoints.</param>
    public static async Task<ApiHost> StartAsync(
        Dictionary<string, string?>? settings = null,
        IPAddress? remote = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null)
    {
        TestDatabase database = await TestDatabase.CreateAsync();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        // A loaded machine may take its time to open a first connection.
        builder.Configuration["Health:ProbeCap"] = "00:00:30";
        // What a test has just done shows at once.
        builder.Configuration["Health:KeepFor"] = "00:00:00";
        builder.Configuration["Api:AllowKeyless"] = "true";
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddSingleton(database.Options()).AddSingleton(database.App);
        builder.Services.AddSingleton<ITenantDirectory>(new DatabaseTenants(database.Owner));
        builder.Services.AddSecrets(builder.Configuration).AddSingleton<ChannelDirectory>();
        builder.Services.AddSingleton<IChannelDirectory>(s => s.GetRequiredService<ChannelDirectory>());
        builder.Services.AddSingleton(s => new CreateChannel(
            database.App, s.GetRequiredService<IChannelDirectory>(), s.GetRequiredService<SecretBox>(),
            TimeProvider.System));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddChannelStops().AddSealing().AddChannelSetup()
            .AddTemplates(builder.Configuration).AddMedia(builder.Configuration);
        builder.Services.AddLimits(builder.Configuration).AddCaching().AddKnowledge();
        builder.Services.AddMessaging(builder.Configuration).AddConversations(builder.Configuration).AddFlows();
        builder.Services.AddOperations(builder.Configuration).AddLearning(builder.Configuration);
        builder.Services.AddOutboundWebhooks(builder.Configuration).AddApi(builder.Configuration);
        services?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        if (remote is not null)
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = remote;
                return next(context);
            });
        }

        app.UseApi();
        app.MapApi();
        map?.Invoke(app);
        await app.StartAsync();
        return new ApiHost(app, database);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, TenantId? tenant = null) =>
        await SendAsync(HttpMethod.Get, path, tenant);

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        string path, object? body = null, TenantId? tenant = null) =>
        await SendAsync(HttpMethod.Post, path, tenant, body is null ? null : JsonContent.Create(body));

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, TenantId? tenant, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (tenant is { } id) request.Headers.Add("X-Tenant-Id", id.ToString());
        using HttpResponseMessage response = await Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>The directory without its memory: tests add tenants as they go.</summary>
    private sealed class DatabaseTenants(NpgsqlDataSource owner) : ITenantDirectory
    {
        public async ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellationToken) =>
            (await AllAsync(cancellationToken)).SingleOrDefault(t => t.Id == id);

        public async ValueTask<IReadOnlyList<Tenant>> AllAsync(CancellationToken cancellationToken)
        {
            await using NpgsqlCommand command = owner.CreateCommand("select id, name from tenants order by id");
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            List<Tenant> all = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                all.Add(new Tenant(new(reader.GetGuid(0)), reader.GetString(1), "pt-BR", "America/Sao_Paulo",
                    new TenantSettings { QuietMs = 0, ShowsTyping = false }));
            }

            return all;
        }

        public async ValueTask<IReadOnlyList<TenantId>> EveryIdAsync(CancellationToken cancellationToken) =>
            [.. (await AllAsync(cancellationToken)).Select(t => t.Id)];

        public void Invalidate()
        {
        }
    }
}
