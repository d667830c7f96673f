import type { PolicyFault, PolicyFile } from './policy-fault.ts';

/** Of an Azure Resource Manager template, what the rules look at. */
export interface AzureTemplate {
  readonly variables: Readonly<Record<string, string>>;
  readonly resources: readonly AzureResource[];
}

interface AzureResource {
  readonly type: string;
  readonly scope?: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType?: string;
    readonly condition?: string;
  };
}

/** "Key Vault Secrets User": reads values, and neither lists nor writes them (Azure built-in roles, security). */
const SECRETS_USER =
  "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]";

/** One secret of the vault: an assignment on the vault would be one on every secret in it. */
const SECRET_SCOPE =
  /^\[resourceId\('Microsoft\.KeyVault\/vaults\/secrets', parameters\('vaultName'\), 'redoubt-api-([\w-]+)'\)\]$/;

/** Faults of role assignments (SR-71): one role that only reads, on one secret each, for one managed identity. */
export function findAzureRoleFaults({ file, document, secrets }: PolicyFile<AzureTemplate>): readonly PolicyFault[] {
  return document.resources.flatMap((resource) =>
    messagesOf(resource, document, secrets).map((message) => ({
      file,
      place: resource.scope ?? '(no scope)',
      message,
    })),
  );
}

function messagesOf(
  { type, scope = '', properties }: AzureResource,
  { variables }: AzureTemplate,
  secrets: readonly string[],
): readonly string[] {
  const role = /^\[variables\('(\w+)'\)\]$/.exec(properties.roleDefinitionId)?.[1] ?? '';
  const secret = SECRET_SCOPE.exec(scope)?.[1];
  return [
    ...(type === 'Microsoft.Authorization/roleAssignments' ? [] : ['is no role assignment']),
    ...(variables[role] === SECRETS_USER ? [] : ['assigns another role than Key Vault Secrets User']),
    ...(secret === undefined ? ['is not scoped to one secret of this service'] : []),
    ...(secret === undefined || secrets.includes(secret)
      ? []
      : [`names the secret ${secret}, which no setting of this workload names`]),
    ...(properties.principalType === 'ServicePrincipal' ? [] : ['is for something else than a managed identity']),
    ...(properties.principalId === "[parameters('principalId')]"
      ? []
      : ['does not take its principal from the parameters']),
  ];
}
