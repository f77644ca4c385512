metadata description = 'Azure OpenAI with a deployment that answers and one that makes embeddings.'

import { modelsType, sizeType } from '../types.bicep'

@description('Region; models differ by region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the account, and of its subdomain, which Entra ID needs.')
param name string

@description('What the deployment is made for.')
param size sizeType

@description('Whether only the virtual network reaches it.')
param isPrivate bool

@description('The models.')
param models modelsType

var deployments = [
  { model: models.chat, version: models.chatVersion, capacity: size.openAi.chatCapacity }
  { model: models.embedding, version: models.embeddingVersion, capacity: size.openAi.embeddingCapacity }
]

resource account 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: { name: 'S0' }
  properties: {
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }

  @batchSize(1)
  resource deployment 'deployments' = [
    for item in deployments: {
      name: item.model
      sku: {
        name: models.sku
        capacity: item.capacity
      }
      properties: {
        model: {
          format: 'OpenAI'
          name: item.model
          version: item.version
        }
        versionUpgradeOption: 'OnceCurrentVersionExpired'
      }
    }
  ]
}

output id string = account.id
output name string = account.name
output endpoint string = account.properties.endpoint
output chatDeployment string = account::deployment[0].name
