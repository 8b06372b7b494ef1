import { accessRules } from './access/index.ts';
import { beyondLimitRange } from './beyond-limit-range.ts';
import { beyondQuota } from './beyond-quota.ts';
import { budgetBlocksDrain } from './budget-blocks-drain.ts';
import { danglingKey } from './dangling-key.ts';
import { danglingReference, optionalReference } from './dangling-reference.ts';
import { duplicateDefinition } from './duplicate-definition.ts';
import { duplicateObject } from './duplicate-object.ts';
import { headlessService } from './headless-service.ts';
import { hostPortClash } from './host-port-clash.ts';
import { idleNamespace } from './idle-namespace.ts';
import { ingressPort } from './ingress-port.ts';
import { lintRules } from './lint/index.ts';
import { monitorSelectsNothing } from './monitor-selects-nothing.ts';
import { oddAmount } from './odd-amount.ts';
import { overlappingSelectors } from './overlapping-selectors.ts';
import { peerSelectsNothing } from './peer-selects-nothing.ts';
import { podSecurityBaseline, podSecurityEnforced, podSecurityRestricted } from './pod-security.ts';
import { probePort } from './probe-port.ts';
import { replicasWithAutoscaler } from './replicas-with-autoscaler.ts';
import type { Rule } from './rule.ts';
import { selectsNothing } from './selects-nothing.ts';
import { undefinedVariable } from './undefined-variable.ts';
import { unknownPort } from './unknown-port.ts';
import { unusedVolume } from './unused-volume.ts';

/** Every rule there is. */
export const rules: readonly Rule[] = [
  danglingReference,
  danglingKey,
  optionalReference,
  selectsNothing,
  peerSelectsNothing,
  monitorSelectsNothing,
  overlappingSelectors,
  unknownPort,
  probePort,
  undefinedVariable,
  duplicateObject,
  duplicateDefinition,
  idleNamespace,
  ingressPort,
  headlessService,
  replicasWithAutoscaler,
  budgetBlocksDrain,
  hostPortClash,
  beyondLimitRange,
  beyondQuota,
  oddAmount,
  unusedVolume,
  podSecurityEnforced,
  podSecurityBaseline,
  podSecurityRestricted,
  ...accessRules,
  ...lintRules,
];
