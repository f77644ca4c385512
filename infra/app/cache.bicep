metadata description = 'Azure Managed Redis: what instances share, and nothing that is needed again.'

import { sizeType } from '../types.bicep'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the cluster.')
param name string

@description('What the deployment is made for.')
param size sizeType

@description('Whether only the virtual network reaches it.')
param isPrivate bool

@description('Object ids (not client ids) of those who may use it.')
param userIds string[]

resource cluster 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: size.redis.skuName }
  properties: {
    highAvailability: size.redis.highAvailability ? 'Enabled' : 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource database 'databases' = {
    name: 'default'
    properties: {
      accessKeysAuthentication: 'Disabled'
      clientProtocol: 'Encrypted'
      clusteringPolicy: 'NoCluster'
      // Every key has a time to live, and none is the only copy.
      evictionPolicy: 'AllKeysLRU'
      port: 10000
      persistence: {
        aofEnabled: false
        rdbEnabled: false
      }
    }

    @batchSize(1)
    resource user 'accessPolicyAssignments' = [
      for id in userIds: {
        name: replace(id, '-', '')
        properties: {
          accessPolicyName: 'default'
          user: { objectId: id }
        }
      }
    ]
  }
}

output id string = cluster.id
output host string = '${cluster.properties.hostName}:${cluster::database.properties.port}'
