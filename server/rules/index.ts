import { budgetBlocksDrain } from './budget-blocks-drain.ts';
import { danglingKey } from './dangling-key.ts';
import { danglingReference } from './dangling-reference.ts';
import { duplicateObject } from './duplicate-object.ts';
import { ingressPort } from './ingress-port.ts';
import { lintRules } from './lint/index.ts';
import { replicasWithAutoscaler } from './replicas-with-autoscaler.ts';
import type { Rule } from './rule.ts';
import { selectsNothing } from './selects-nothing.ts';
import { unknownPort } from './unknown-port.ts';
import { unusedVolume } from './unused-volume.ts';

/** Every rule there is. */
export const rules: readonly Rule[] = [
  danglingReference,
  danglingKey,
  selectsNothing,
  unknownPort,
  duplicateObject,
  ingressPort,
  replicasWithAutoscaler,
  budgetBlocksDrain,
  unusedVolume,
  ...lintRules,
];
