metadata description = 'Service Bus and its queues: those of docs/queues.md, and one for what is urgent in any of them.'

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the namespace.')
param name string

@description('Whether only the virtual network reaches it, which takes Premium.')
param isPrivate bool

var queues = [
  'message-processing'
  'ai-response'
  'image-analysis'
  'message-delivery'
  'nps-survey'
  'campaign-delivery'
  'learning-tasks'
  'flow-events'
  'webhook-delivery'
  'urgent'
]

var tier = isPrivate ? 'Premium' : 'Standard'

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
    capacity: isPrivate ? 1 : null
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource queue 'queues' = [
    for queue in queues: {
      name: queue
      properties: {
        // The host renews it while a handler runs.
        lockDuration: 'PT1M'
        // Attempts are counted by the product; these are deliveries that ended without an outcome.
        maxDeliveryCount: 10
        requiresDuplicateDetection: true
        duplicateDetectionHistoryTimeWindow: 'PT10M'
        // Order is kept by the database: docs/decisions/0008-service-bus-without-sessions.md.
        requiresSession: false
        deadLetteringOnMessageExpiration: true
        defaultMessageTimeToLive: 'P14D'
        maxSizeInMegabytes: 5120
      }
    }
  ]
}

output id string = namespace.id
output name string = namespace.name
output host string = '${namespace.name}.servicebus.windows.net'
output queueCount int = length(queues)
