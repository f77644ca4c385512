metadata description = 'Key Vault, for callers from outside: between Azure\'s services nothing needs a secret.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the vault.')
param name string

@description('Whether only the virtual network reaches it.')
param isPrivate bool

@description('Whether it cannot be purged before its time, whoever asks.')
param purgeProtection bool

@description('A new key for callers of the API; empty: the one in the vault stays.')
@secure()
param apiKey string

var apiKeyName = 'api-key'

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    // Once on it stays on; the property cannot say no.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }
}

resource key 'Microsoft.KeyVault/vaults/secrets@2026-02-01' = if (!empty(apiKey)) {
  parent: vault
  name: apiKeyName
  properties: {
    value: apiKey
    contentType: 'VELLARYS_API_KEY'
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output apiKeyName string = apiKeyName
