metadata description = 'Storage of the Functions host: leases, releases of the app, and what Durable keeps.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the storage account.')
param name string

@description('How often and where the data is kept.')
param skuName 'Standard_LRS' | 'Standard_ZRS'

@description('Whether only the virtual network reaches it.')
param isPrivate bool

var releases = 'releases'

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: skuName }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource container 'containers' = {
      name: releases
    }

    // Files of messages, by tenant.
    resource media 'containers' = {
      name: 'media'
    }
  }
}

output id string = account.id
output name string = account.name
output addresses object = {
  blobEndpoint: account.properties.primaryEndpoints.blob
  queueEndpoint: account.properties.primaryEndpoints.queue
  tableEndpoint: account.properties.primaryEndpoints.table
  releasesUrl: '${account.properties.primaryEndpoints.blob}${releases}'
}
