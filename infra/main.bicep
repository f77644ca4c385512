metadata description = 'Vellarys on Azure Functions: one resource group with everything that it stands on.'

targetScope = 'subscription'

import { modelsType, sizeType } from 'types.bicep'

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

@description('Name of whoever deploys in Entra ID; empty: the user principal name, which an app does not have.')
param principalName string = ''

@description('What kind of identity deploys.')
@allowed(['User', 'ServicePrincipal'])
param principalType string = 'User'

@description('Object id of a group whose members migrate; empty: whoever deploys, and then always the same.')
param databaseGroupId string = ''

@description('Name of that group.')
param databaseGroupName string = ''

@description('Whether the services are reached through a virtual network only, which whoever migrates must be in.')
param privateNetwork bool = false

@description('The IP address that whoever migrates comes from; empty where that is a machine in Azure.')
param operatorAddress string = ''

@description('Whether the vault gets a new key for callers of the API. The hooks switch it off after the first time.')
param createApiKey bool = true

@description('That key; never set by hand.')
@secure()
param apiKey string = newGuid()

@description('Whether the vault holds meta-app-secret and meta-verify-token, put there by an operator.')
param metaSecrets bool = false

@description('Whether whoever deploys may send, receive and ask: for a throw-away deployment that tests run on.')
param deployerTests bool = false

@description('Who gets mail when a rule fires; empty: nobody.')
param alertEmail string = ''

@description('Who is called when a rule fires: the address of PagerDuty or the like; empty: nobody.')
@secure()
param alertWebhook string = ''

@description('The models.')
param models modelsType

@description('Names to be used instead, for who has a scheme of their own; keys as in abbreviations.json.')
param names object = {}

var sizes = {
  small: loadJsonContent('sizes/small.json')
  medium: loadJsonContent('sizes/medium.json')
  production: loadJsonContent('sizes/production.json')
}
var chosen sizeType = sizes[size]

var principalId = deployer().objectId
var deployerName = empty(principalName) ? deployer().userPrincipalName : principalName
var administrator = empty(databaseGroupId)
  ? { id: principalId, name: deployerName, type: principalType }
  : { id: databaseGroupId, name: databaseGroupName, type: 'Group' }
var tags = { 'azd-env-name': environmentName }
var serviceName = 'functions'
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
    administrator: administrator
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
    models: models
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
    apiKey: createApiKey ? replace(apiKey, '-', '') : ''
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
    services: {
      storage: storage.outputs.id
      serviceBus: messaging.outputs.id
      postgres: database.outputs.id
      redis: cache.outputs.id
      openAi: openAi.outputs.id
      vault: vault.outputs.id
    }
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
    identity: identity.outputs.names
    subnetId: network.?outputs.appSubnetId ?? ''
    storage: storage.outputs.addresses
    serviceBusHost: messaging.outputs.host
    queueCount: messaging.outputs.queueCount
    database: database.outputs.address
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
    location: location
    tags: tags
    actionGroupName: all.actionGroup
    email: alertEmail
    webhook: alertWebhook
    size: chosen
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: messaging.outputs.id
    databaseId: database.outputs.id
    redisId: cache.outputs.id
    openAiId: openAi.outputs.id
  }
}

output APP_URL string = functions.outputs.url
output APP_IDENTITY_ID string = identity.outputs.principalId
output DATABASE_ADMIN string = administrator.name
output DATABASE_HOST string = database.outputs.address.host
output DATABASE_NAME string = database.outputs.address.name
output KEY_VAULT_NAME string = vault.outputs.name
output OPENAI_DEPLOYMENT string = openAi.outputs.chatDeployment
output OPENAI_ENDPOINT string = openAi.outputs.endpoint
output REDIS_HOST string = cache.outputs.host
output SERVICEBUS_HOST string = messaging.outputs.host
