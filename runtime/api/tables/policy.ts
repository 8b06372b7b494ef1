import type { PodDisruptionBudget } from '../generated/types/policy/v1.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

export const policyPrinters: Printers = {
  PodDisruptionBudget: printer<PodDisruptionBudget>(
    [
      nameColumn,
      column('Min Available', 'Fewest pods that must stay available.'),
      column('Max Unavailable', 'Most pods that may be unavailable.'),
      column('Allowed Disruptions', 'How many pods may be evicted now.', 'integer'),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      String(object.spec?.minAvailable ?? 'N/A'),
      String(object.spec?.maxUnavailable ?? 'N/A'),
      object.status?.disruptionsAllowed ?? 0,
      ageOf(object, now),
    ],
  ),
};
