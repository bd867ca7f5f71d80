import type { ClientAuthentication } from '../oauth/grant.ts';
import type { ServiceSecret } from '../vault/vault.ts';

/** How an application shows who it is, by the secret that is stored for it. */
export function clientAuthentication(service: ServiceSecret | undefined): ClientAuthentication {
  if (service?.kind === 'client-secret') return { kind: 'secret', clientSecret: service.clientSecret };
  if (service?.kind === 'private-key' && service.thumbprint !== undefined) {
    return { kind: 'certificate', privateKey: service.privateKey, thumbprint: service.thumbprint };
  }
  return { kind: 'none' };
}
