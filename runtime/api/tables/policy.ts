import type { PodDisruptionBudget } from '../generated/types/policy/v1.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

export const policyPrinters: Printers = {
  PodDisruptionBudget: printer<PodDisruptionBudget>(
    [
      nameColumn,
      column('Min Available', 'The minimum number of pods that must be available.'),
      column('Max Unavailable', 'The maximum number of pods that may be unavailable.'),
      column('Allowed Disruptions', 'Calculated number of pods that may be disrupted at this time.', 'integer'),
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
