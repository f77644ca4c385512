metadata description = 'The shapes of parameters: the files in sizes/, and the models.'

@export()
@description('The models; what there is: az cognitiveservices model list')
type modelsType = {
  @description('The one that answers.')
  chat: string
  chatVersion: string

  @description('The one that makes embeddings.')
  embedding: string
  embeddingVersion: string

  @description('Where requests may be processed.')
  sku: 'GlobalStandard' | 'DataZoneStandard' | 'Standard'
}

@export()
@description('One of the files in sizes/.')
type sizeType = {
  @description('Up to how many conversations a day it is meant for.')
  conversationsPerDay: int

  functions: {
    @description('Memory of one instance.')
    instanceMemoryMB: 512 | 2048 | 4096

    @description('''
Instances that each scale group may have: HTTP, Durable, and every queue by itself. The platform knows no limit for
the whole app, and takes none below 40.
''')
    @minValue(40)
    @maxValue(1000)
    instancesPerGroup: int

    @description('Instances that never sleep, by scale group.')
    alwaysReady: { name: string, instanceCount: int }[]
  }

  database: {
    @description('General Purpose or better: only those have PgBouncer, without which the instances would not fit.')
    skuName: string
    tier: 'GeneralPurpose' | 'MemoryOptimized'
    storageGB: int

    @description('What the SKU takes, less the 15 that Azure keeps.')
    maxUserConnections: int

    @description('Connections of PgBouncer to the server.')
    poolSize: int

    @minValue(7)
    @maxValue(35)
    backupDays: int
    geoRedundantBackup: bool

    @description('A standby in another zone: twice the price of the server.')
    zoneRedundant: bool
  }

  redis: {
    skuName: string
    highAvailability: bool
  }

  openAi: {
    @description('Thousands of tokens a minute.')
    chatCapacity: int

    @description('Thousands of tokens a minute.')
    embeddingCapacity: int
  }

  logs: {
    @description('Beyond it nothing is taken in until the next day.')
    dailyGB: int
    retentionDays: int
  }

  storageSku: 'Standard_LRS' | 'Standard_ZRS'

  @description('The vault cannot be purged before its time, whoever asks.')
  purgeProtection: bool
}
