import { admissionWarnings } from './admission.ts';
import { networkWarnings } from './network.ts';
import { accountWarnings, nodeWarnings, quotaWarnings, runtimeClassWarnings, secretWarnings, sliceWarnings } from './others.ts';
import { serviceWarnings } from './services.ts';
import { storageWarnings } from './storage.ts';
import type { Warn } from './warn.ts';
import { workloadWarnings } from './workloads.ts';

/** What clients are warned of when they write, by group and plural. Upstream: the strategies' `WarningsOnCreate` and `WarningsOnUpdate`. */
export const warningsByResource: Readonly<Record<string, Warn>> = {
  '/services': serviceWarnings,
  '/nodes': nodeWarnings,
  '/secrets': secretWarnings,
  '/serviceaccounts': accountWarnings,
  '/resourcequotas': quotaWarnings,
  'node.k8s.io/runtimeclasses': runtimeClassWarnings,
  'resource.k8s.io/resourceslices': sliceWarnings,
  ...admissionWarnings,
  ...networkWarnings,
  ...storageWarnings,
  ...workloadWarnings,
};
