import type { Simulator } from './types.mts';

/** What a person types into the form of n8n's credential "Office 365 Management API", a line for each field. */
export function credentialForm({ url, tenant }: Pick<Simulator, 'url' | 'tenant'>): string {
	return `  Client ID      ${tenant.clientId}
  Client Secret  ${tenant.clientSecret}
  Tenant ID      ${tenant.tenantId}
  Cloud          Custom
  API URL        ${url}
  Login URL      ${url}`;
}
