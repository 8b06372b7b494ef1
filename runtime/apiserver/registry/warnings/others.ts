import { pemBlocks } from '../../../api/certificates/pem.ts';
import type { Node, ResourceQuota, Secret, ServiceAccount } from '../../../api/generated/types/core/v1.ts';
import type { RuntimeClass } from '../../../api/generated/types/node/v1.ts';
import type { ResourceSlice } from '../../../api/generated/types/resource/v1.ts';
import { cidrWarnings } from '../../../api/names/index.ts';
import { canonicalQuantity, compareQuantities, parseQuantity } from '../../../api/quantity.ts';
import { nodeLabelAdvice } from './node-labels.ts';

const mountableSecrets = 'kubernetes.io/enforce-mountable-secrets';

export function nodeWarnings({ spec = {} }: Node): readonly string[] {
  const warnings = (spec.podCIDRs ?? []).flatMap((cidr, index) => cidrWarnings(`spec.podCIDRs[${index}]`, cidr));
  if ((spec.externalID ?? '') !== '') warnings.push('spec.externalID: this field is deprecated, and is unused by Kubernetes');
  return warnings;
}

export function accountWarnings({ metadata }: ServiceAccount, old: ServiceAccount | undefined): readonly string[] {
  if (metadata?.annotations?.[mountableSecrets] === undefined || old?.metadata?.annotations?.[mountableSecrets] !== undefined) return [];
  const advice = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
  return [`metadata.annotations[${mountableSecrets}]: ${advice}`];
}

/** A key and a certificate that a server could not use, in the words of Go's `tls.X509KeyPair`. */
export function secretWarnings({ type, data }: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const isKey = (name: string): boolean => name === 'PRIVATE KEY' || name.endsWith(' PRIVATE KEY');
  const inCertificate = pemBlocks(atob(data?.['tls.crt'] ?? ''));
  if (inCertificate.length === 0) return ['tls: failed to find any PEM data in certificate input'];
  if (!inCertificate.some((block) => block.type === 'CERTIFICATE')) {
    if (inCertificate.length === 1 && isKey(inCertificate[0]?.type ?? '')) {
      return [
        'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
      ];
    }
    return [
      `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${inCertificate.map((block) => block.type).join(' ')}]`,
    ];
  }
  const inKey = pemBlocks(atob(data?.['tls.key'] ?? ''));
  if (inKey.length === 0) return ['tls: failed to find any PEM data in key input'];
  if (inKey.some((block) => isKey(block.type))) return [];
  if (inKey.length === 1 && inKey[0]?.type === 'CERTIFICATE') {
    return ['tls: found a certificate rather than a key in the PEM for the private key'];
  }
  return [
    `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${inKey.map((block) => block.type).join(' ')}]`,
  ];
}

export function sliceWarnings({ spec }: ResourceSlice): readonly string[] {
  const driver = spec?.driver ?? '';
  if (driver === driver.toLowerCase()) return [];
  return [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`];
}

export function runtimeClassWarnings({ scheduling }: RuntimeClass): readonly string[] {
  return Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
    const advice = nodeLabelAdvice(key);
    return advice === undefined ? [] : [`scheduling.nodeSelector: ${advice}`];
  });
}

const quotaResources = ['cpu', 'memory', 'storage', 'ephemeral-storage'];

/** Limits that are lower than the requests they bound. */
export function quotaWarnings({ spec }: ResourceQuota, old: ResourceQuota | undefined): readonly string[] {
  if (old !== undefined) return [];
  const hard = spec?.hard ?? {};
  return quotaResources.flatMap((resource) => {
    const request = [`requests.${resource}`, resource].find(
      (name) => hard[name] !== undefined && (name !== resource || resource === 'cpu' || resource === 'memory'),
    );
    const limit = `limits.${resource}`;
    const [least, most] = [request === undefined ? undefined : hard[request], hard[limit]];
    if (least === undefined || most === undefined || compareQuantities(parseQuantity(least), parseQuantity(most)) <= 0) return [];
    return [`ResourceQuota ${request} (${canonicalQuantity(least)}) should be less than ${limit} (${canonicalQuantity(most)})`];
  });
}
