metadata description = 'PostgreSQL with pgvector and PgBouncer; nobody has a password.'

import { sizeType } from '../types.bicep'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the server.')
param name string

@description('What the deployment is made for.')
param size sizeType

@description('Whether only the virtual network reaches it.')
param isPrivate bool

@description('Who migrates, and so owns the tables. The name in Entra ID is also the role to log in as.')
param administrator { id: string, name: string, type: 'User' | 'ServicePrincipal' | 'Group' }

@description('The address that whoever migrates comes from; empty where that is within Azure.')
param operatorAddress string

var databaseName = 'vellarys'

var settings = [
  // What the migrations create; vector for the knowledge base.
  { name: 'azure.extensions', value: 'VECTOR,PG_TRGM,BTREE_GIN' }
  { name: 'require_secure_transport', value: 'on' }
  { name: 'ssl_min_protocol_version', value: 'TLSv1.2' }
  { name: 'pgbouncer.enabled', value: 'true' }
  { name: 'pgbouncer.pool_mode', value: 'transaction' }
  { name: 'pgbouncer.default_pool_size', value: string(size.database.poolSize) }
  { name: 'pgbouncer.max_client_conn', value: '10000' }
]

// The first is Azure's own word for its services; nobody outside has 0.0.0.0.
var doors = [
  { name: 'azure', address: '0.0.0.0' }
  { name: 'operator', address: empty(operatorAddress) ? '0.0.0.0' : operatorAddress }
]

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: size.database.skuName
    tier: size.database.tier
  }
  properties: {
    version: '17'
    createMode: 'Default'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: size.database.storageGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: size.database.backupDays
      geoRedundantBackup: size.database.geoRedundantBackup ? 'Enabled' : 'Disabled'
    }
    highAvailability: { mode: size.database.zoneRedundant ? 'ZoneRedundant' : 'Disabled' }
    network: { publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled' }
  }

  resource database 'databases' = {
    name: databaseName
    properties: {
      charset: 'UTF8'
      collation: 'en_US.utf8'
    }
  }
}

// The server takes one change at a time: administrators, doors, then settings.
resource migrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administrator.id
  properties: {
    principalName: administrator.name
    principalType: administrator.type
    tenantId: tenant().tenantId
  }
  dependsOn: [server::database]
}

@batchSize(1)
resource door 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = [
  for rule in isPrivate ? [] : doors: {
    parent: server
    name: rule.name
    properties: {
      startIpAddress: rule.address
      endIpAddress: rule.address
    }
    dependsOn: [migrator]
  }
]

@batchSize(1)
resource setting 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = [
  for item in settings: {
    parent: server
    name: item.name
    properties: {
      value: item.value
      source: 'user-override'
    }
    dependsOn: [migrator, door]
  }
]

output id string = server.id
output address object = {
  host: server.properties.fullyQualifiedDomainName
  name: databaseName
  bouncerPort: 6432
}
