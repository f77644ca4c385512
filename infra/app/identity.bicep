metadata description = 'Who the app is to the services around it.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the identity.')
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output names object = {
  id: identity.id
  clientId: identity.properties.clientId
}
output principalId string = identity.properties.principalId
