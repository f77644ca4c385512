metadata description = 'The Functions app on Flex Consumption, and every setting that it reads.'

import { sizeType } from '../types.bicep'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the plan.')
param planName string

@description('Name of the app.')
param name string

@description('What azure.yaml calls the app.')
param serviceName string

@description('What the deployment is made for.')
param size sizeType

@description('The identity that the app runs as.')
param identity { id: string, clientId: string }

@description('The subnet that it reaches private services from; empty: none.')
param subnetId string

@description('Where the host keeps its state, and releases lie.')
param storage { blobEndpoint: string, queueEndpoint: string, tableEndpoint: string, releasesUrl: string }

@description('Host of the Service Bus namespace.')
param serviceBusHost string

@description('How many queues it has.')
param queueCount int

@description('Where the database is.')
param database { host: string, name: string, bouncerPort: int }

@description('Address of Redis, with its port.')
param redisHost string

@description('Endpoint of Azure OpenAI.')
param openAiEndpoint string

@description('Name of the deployment that answers.')
param chatDeployment string

@description('Where traces and metrics go; holds no secret, because keys are switched off.')
param appInsightsConnectionString string

@description('Address of the Key Vault.')
param vaultUri string

@description('Name of the secret that callers of the API show.')
param apiKeyName string

@description('Whether the vault holds meta-app-secret and meta-verify-token.')
param metaSecrets bool

@description('Ids of the master keys that the vault holds; the last one seals.')
param masterKeys string[]

// What scales by itself: HTTP, Durable, each queue, the dead letters of each; and timers, of which each runs once.
var scaleGroups = 2 + 2 * queueCount
var timers = 20
var instances = scaleGroups * size.functions.instancesPerGroup + timers

// Ten for an instance's pool and two that it keeps for LISTEN. PgBouncer takes 10,000.
var connectionsPerInstance = 12

// Groups that send to providers or ask the model: a queue, and what is urgent in it.
var sendingInstances = 2 * size.functions.instancesPerGroup

var login = 'vellarys_app@${database.host}'

var settings = {
  AZURE_CLIENT_ID: identity.clientId
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  AzureWebJobsStorage__blobServiceUri: storage.blobEndpoint
  AzureWebJobsStorage__queueServiceUri: storage.queueEndpoint
  AzureWebJobsStorage__tableServiceUri: storage.tableEndpoint
  AzureWebJobsDisableHomepage: 'true'
  TASKHUB_NAME: 'vellarys'
  APPLICATIONINSIGHTS_CONNECTION_STRING: appInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  ServiceBus__fullyQualifiedNamespace: serviceBusHost
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identity.clientId
  DATABASE_APP_URL: 'postgres://${login}:5432/${database.name}?sslmode=verify-full'
  PGBOUNCER_URL: 'postgres://${login}:${database.bouncerPort}/${database.name}?sslmode=verify-full'
  MIGRATE: '0'
  Database__Instances: string(instances)
  Database__ConnectionBudget: string(instances * connectionsPerInstance)
  Redis__Host: redisHost
  Redis__Instances: string(sendingInstances)
  AZURE_OPENAI_ENDPOINT: openAiEndpoint
  OPENAI_MODEL: chatDeployment
  Limits__ModelTokensPerMinute: string(size.openAi.chatCapacity * 1000)
  // The Functions host on loopback brings every request, with what App Service wrote.
  Accounts__ForwardedFor: 'true'
  VELLARYS_API_KEY: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${apiKeyName})'
}

var metaSettings = {
  META_APP_SECRET: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/meta-app-secret)'
  META_VERIFY_TOKEN: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/meta-verify-token)'
}

var keySettings = union(
  toObject(masterKeys, id => 'Encryption__Keys__${id}', id => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/master-key-${id})'),
  empty(masterKeys) ? {} : { Encryption__Current: last(masterKeys) })

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Providers' webhooks come from outside, with privateNetwork too.
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      alwaysOn: false
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: storage.releasesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: size.functions.instanceMemoryMB
        maximumInstanceCount: size.functions.instancesPerGroup
        alwaysReady: size.functions.alwaysReady
        triggers: { http: { perInstanceConcurrency: 100 } }
      }
      // Old instances end what they began while new ones start. Documented for this API, and missing in Bicep's types.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: 'RollingUpdate' }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, metaSecrets ? metaSettings : {}, keySettings)
  }

  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noBasicPublishing 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output id string = site.id
output name string = site.name
output url string = 'https://${site.properties.defaultHostName}'
