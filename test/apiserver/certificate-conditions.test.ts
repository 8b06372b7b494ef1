import { expect, test } from 'vitest';
import { dateConditions } from '../../runtime/apiserver/registry/strategies/certificate-signing-requests.ts';

test('conditions are dated when they are not, and keep the time at which they became what they are', () => {
  const before = '2024-01-01T00:00:00Z';
  const now = '2024-01-02T00:00:00Z';
  const approved = { type: 'Approved', status: 'True' };
  const kind = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest' };
  const request = { ...kind, metadata: {}, status: { conditions: [approved, { type: 'Failed', status: 'True' }] } };
  dateConditions(request, { ...kind, metadata: {}, status: { conditions: [{ ...approved, lastTransitionTime: before }] } }, now);
  expect(request.status.conditions).toEqual([
    { ...approved, lastUpdateTime: now, lastTransitionTime: before },
    { type: 'Failed', status: 'True', lastUpdateTime: now, lastTransitionTime: now },
  ]);
});
