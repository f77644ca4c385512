metadata description = 'With privateNetwork: the virtual network that the services are reached through.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the network.')
param name string

@description('What the names of private endpoints begin with.')
param endpointPrefix string

@description('What is reached.')
param services { storage: string, serviceBus: string, postgres: string, redis: string, openAi: string, vault: string }

var storageSuffix = environment().suffixes.storage

// Each with the part of it that is reached, and the DNS zone that leads there.
var doors = [
  { name: 'blob', id: services.storage, group: 'blob', zone: 'privatelink.blob.${storageSuffix}' }
  { name: 'queue', id: services.storage, group: 'queue', zone: 'privatelink.queue.${storageSuffix}' }
  { name: 'table', id: services.storage, group: 'table', zone: 'privatelink.table.${storageSuffix}' }
  { name: 'servicebus', id: services.serviceBus, group: 'namespace', zone: 'privatelink.servicebus.windows.net' }
  {
    name: 'postgres'
    id: services.postgres
    group: 'postgresqlServer'
    zone: 'privatelink.postgres.database.azure.com'
  }
  { name: 'redis', id: services.redis, group: 'redisEnterprise', zone: 'privatelink.redis.azure.net' }
  { name: 'openai', id: services.openAi, group: 'account', zone: 'privatelink.openai.azure.com' }
  { name: 'vault', id: services.vault, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
]

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        // An address for each instance.
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/22'
          delegations: [
            {
              name: 'flex'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.20.8.0/24' }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for door in doors: {
    name: door.zone
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (door, i) in doors: {
    parent: zone[i]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = [
  for door in doors: {
    name: '${endpointPrefix}-${door.name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpoints.id }
      privateLinkServiceConnections: [
        {
          name: door.name
          properties: {
            privateLinkServiceId: door.id
            groupIds: [door.group]
          }
        }
      ]
    }
  }
]

resource record 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = [
  for (door, i) in doors: {
    parent: endpoint[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: door.name
          properties: { privateDnsZoneId: zone[i].id }
        }
      ]
    }
    dependsOn: [link]
  }
]

output appSubnetId string = network::app.id
