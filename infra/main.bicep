metadata description = 'Vellarys on Azure Functions: one resource group with everything that it stands on.'

targetScope = 'subscription'

import { sizeType } from 'types.bicep'

@description('Name of the azd environment; the resource group and every name follow from it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything but Azure OpenAI.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Region of Azure OpenAI, because models differ by region; empty: the same.')
param openAiLocation string = ''

@description('What the deployment is made for: one of the files in sizes/.')
@allowed(['small', 'medium', 'production'])
param size string = 'small'

@description('''
Name of whoever deploys, who also migrates, as Entra ID has it. Empty: the user principal name; an app has none, and gives
its display name.
''')
param principalName string = ''

@description('What kind of identity deploys.')
@allowed(['User', 'ServicePrincipal', 'Group'])
param principalType string = 'User'

@description('''
Whether the services are reached through a virtual network only. Service Bus then is Premium, so it is decided before the
first deployment. Whoever migrates must be inside.
''')
param privateNetwork bool = false

@description('The IP address that whoever migrates comes from; empty where that is a machine in Azure.')
param operatorAddress string = ''

@description('Whether the vault gets a new key for callers of the API. The hooks switch it off after the first time.')
param createApiKey bool = true

@description('Two random halves of that key; never set by hand.')
@secure()
param apiKeyHalf string = newGuid()

@description('The other half.')
@secure()
param apiKeyOtherHalf string = newGuid()

@description('Whether the vault holds meta-app-secret and meta-verify-token, put there by an operator.')
param metaSecrets bool = false

@description('Whether whoever deploys may send, receive and ask: only for a throw-away deployment that tests run against.')
param deployerTests bool = false

@description('Who gets mail when a rule fires; empty: nobody.')
param alertEmail string = ''

@description('Who is called when a rule fires: the address of PagerDuty or the like; empty: nobody.')
@secure()
param alertWebhook string = ''

@description('The model that answers; see: az cognitiveservices model list')
param chatModel string

@description('Its version.')
param chatModelVersion string

@description('The model that makes embeddings.')
param embeddingModel string

@description('Its version.')
param embeddingModelVersion string

@description('Where requests to the models may be processed.')
@allowed(['GlobalStandard', 'DataZoneStandard', 'Standard'])
param modelSku string

@description('Names to be used instead, for who has a scheme of their own; keys as in abbreviations.json.')
param names object = {}

var sizes = {
  small: loadJsonContent('sizes/small.json')
  medium: loadJsonContent('sizes/medium.json')
  production: loadJsonContent('sizes/production.json')
}
var chosen sizeType = sizes[size]

var principalId = deployer().objectId
var administratorName = empty(principalName) ? deployer().userPrincipalName : principalName
var tags = { 'azd-env-name': environmentName }
var serviceName = 'functions'
var storageSuffix = environment().suffixes.storage
var zones = {
  serviceBus: 'privatelink.servicebus.windows.net'
  postgres: 'privatelink.postgres.database.azure.com'
  redis: 'privatelink.redis.azure.net'
  openAi: 'privatelink.openai.azure.com'
  vault: 'privatelink.vaultcore.azure.net'
}
var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var defaults = mapValues(abbreviations, prefix => '${prefix}${token}')
var all = union(defaults, { resourceGroup: '${abbreviations.resourceGroup}${environmentName}' }, names)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: all.resourceGroup
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.identity
  }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: all.workspace
    appInsightsName: all.appInsights
    size: chosen
  }
}

module storage 'app/storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.storage
    skuName: chosen.storageSku
    isPrivate: privateNetwork
  }
}

module messaging 'app/messaging.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.serviceBus
    isPrivate: privateNetwork
  }
}

module database 'app/database.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.postgres
    size: chosen
    isPrivate: privateNetwork
    administratorId: principalId
    administratorName: administratorName
    administratorType: principalType
    operatorAddress: operatorAddress
  }
}

module cache 'app/cache.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.redis
    size: chosen
    isPrivate: privateNetwork
    userIds: deployerTests ? [identity.outputs.principalId, principalId] : [identity.outputs.principalId]
  }
}

module openAi 'app/openai.bicep' = {
  scope: group
  params: {
    location: empty(openAiLocation) ? location : openAiLocation
    tags: tags
    name: all.openAi
    size: chosen
    isPrivate: privateNetwork
    chatModel: chatModel
    chatModelVersion: chatModelVersion
    embeddingModel: embeddingModel
    embeddingModelVersion: embeddingModelVersion
    deploymentSku: modelSku
  }
}

module vault 'app/vault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.keyVault
    isPrivate: privateNetwork
    purgeProtection: chosen.purgeProtection
    apiKey: createApiKey ? replace('${apiKeyHalf}${apiKeyOtherHalf}', '-', '') : ''
  }
}

module rbac 'app/rbac.bicep' = {
  scope: group
  params: {
    appId: identity.outputs.principalId
    deployerId: principalId
    deployerType: principalType
    deployerTests: deployerTests
    storageName: storage.outputs.name
    serviceBusName: messaging.outputs.name
    openAiName: openAi.outputs.name
    vaultName: vault.outputs.name
    appInsightsName: monitoring.outputs.appInsightsName
  }
}

module network 'app/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    location: location
    tags: tags
    name: all.virtualNetwork
    endpointPrefix: all.privateEndpoint
    services: [
      { name: 'blob', id: storage.outputs.id, group: 'blob', zone: 'privatelink.blob.${storageSuffix}' }
      { name: 'queue', id: storage.outputs.id, group: 'queue', zone: 'privatelink.queue.${storageSuffix}' }
      { name: 'table', id: storage.outputs.id, group: 'table', zone: 'privatelink.table.${storageSuffix}' }
      { name: 'servicebus', id: messaging.outputs.id, group: 'namespace', zone: zones.serviceBus }
      { name: 'postgres', id: database.outputs.id, group: 'postgresqlServer', zone: zones.postgres }
      { name: 'redis', id: cache.outputs.id, group: 'redisEnterprise', zone: zones.redis }
      { name: 'openai', id: openAi.outputs.id, group: 'account', zone: zones.openAi }
      { name: 'vault', id: vault.outputs.id, group: 'vault', zone: zones.vault }
    ]
  }
}

// Storage and vault know no keys: the app starts with its roles in place.
module functions 'app/functions.bicep' = {
  scope: group
  dependsOn: [rbac]
  params: {
    location: location
    tags: tags
    planName: all.plan
    name: all.functionApp
    serviceName: serviceName
    size: chosen
    identity: {
      id: identity.outputs.id
      clientId: identity.outputs.clientId
    }
    subnetId: network.?outputs.appSubnetId ?? ''
    storage: {
      blobEndpoint: storage.outputs.blobEndpoint
      queueEndpoint: storage.outputs.queueEndpoint
      tableEndpoint: storage.outputs.tableEndpoint
      releasesUrl: storage.outputs.releasesUrl
    }
    serviceBusHost: messaging.outputs.host
    queueCount: messaging.outputs.queueCount
    database: {
      host: database.outputs.host
      name: database.outputs.databaseName
      bouncerPort: database.outputs.bouncerPort
    }
    redisHost: cache.outputs.host
    openAiEndpoint: openAi.outputs.endpoint
    chatDeployment: openAi.outputs.chatDeployment
    appInsightsConnectionString: monitoring.outputs.connectionString
    vaultUri: vault.outputs.uri
    apiKeyName: vault.outputs.apiKeyName
    metaSecrets: metaSecrets
  }
}

module alerts 'app/alerts.bicep' = {
  scope: group
  params: {
    tags: tags
    actionGroupName: all.actionGroup
    email: alertEmail
    webhook: alertWebhook
    size: chosen
    serviceBusId: messaging.outputs.id
    databaseId: database.outputs.id
    redisId: cache.outputs.id
    openAiId: openAi.outputs.id
  }
}

module logAlerts 'app/log-alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: alerts.outputs.actionGroupId
  }
}

output APP_URL string = functions.outputs.url
output APP_IDENTITY_ID string = identity.outputs.principalId
output DATABASE_ADMIN string = administratorName
output DATABASE_HOST string = database.outputs.host
output DATABASE_NAME string = database.outputs.databaseName
output KEY_VAULT_NAME string = vault.outputs.name
output OPENAI_DEPLOYMENT string = openAi.outputs.chatDeployment
output OPENAI_ENDPOINT string = openAi.outputs.endpoint
output REDIS_HOST string = cache.outputs.host
output SERVICEBUS_HOST string = messaging.outputs.host
