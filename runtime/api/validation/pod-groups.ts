import type {
  PodGroup,
  PodGroupSchedulingPolicy,
  PodGroupTemplate,
  PodGroupTemplateReference,
  TypedLocalObjectReference,
  Workload,
  WorkloadSpec,
} from '../generated/types/scheduling/v1alpha2.ts';
import { dns1123LabelProblems, longNameProblems, pathSegmentNameProblems } from '../names/index.ts';
import type { Errors } from './checks.ts';
import { validateConditions } from './conditions.ts';
import { declareImmutable, declareOptionalText, declareRange, declareText, declareUnion, declareUnique } from './declared.ts';
import { semanticEqual } from './equality.ts';
import { required, tooMany } from './field-error.ts';
import { Path } from './path.ts';

/** `pkg/apis/scheduling/v1alpha2` and `pkg/apis/scheduling/validation`, without what features bring that are off: such fields are not stored. */

const specPath = Path.of('spec');
const templatesPath = specPath.child('podGroupTemplates');
const maxTemplates = 8;

export function validatePodGroup({ spec }: Partial<PodGroup>, errors: Errors): void {
  // Null when it is left out.
  if (spec?.podGroupTemplateRef) checkTemplateReference(spec.podGroupTemplateRef, specPath.child('podGroupTemplateRef'), errors);
  checkPolicy(spec?.schedulingPolicy, specPath.child('schedulingPolicy'), errors);
}

export function validatePodGroupUpdate({ spec }: Partial<PodGroup>, { spec: old }: PodGroup, errors: Errors): void {
  declareImmutable(spec?.podGroupTemplateRef ?? null, old.podGroupTemplateRef ?? null, specPath.child('podGroupTemplateRef'), errors);
  declareImmutable(spec?.schedulingPolicy, old.schedulingPolicy, specPath.child('schedulingPolicy'), errors);
}

export function validatePodGroupStatus({ status }: PodGroup, _old: PodGroup, errors: Errors): void {
  validateConditions(status?.conditions, Path.of('status', 'conditions'), errors);
}

function checkTemplateReference(reference: PodGroupTemplateReference, path: Path, errors: Errors): void {
  declareUnion(reference, ['workload'], path, errors);
  if (reference.workload === undefined) return;
  const { workloadName, podGroupTemplateName } = reference.workload;
  const at = path.child('workload');
  declareText(workloadName, longNameProblems, at.child('workloadName'), errors);
  declareText(podGroupTemplateName, dns1123LabelProblems, at.child('podGroupTemplateName'), errors);
}

function checkPolicy(policy: PodGroupSchedulingPolicy = {}, path: Path, errors: Errors): void {
  declareUnion(policy, ['basic', 'gang'], path, errors);
  if (policy.gang === undefined) return;
  const at = path.child('gang', 'minCount');
  if ((policy.gang.minCount ?? 0) === 0) errors.push(required(at));
  else declareRange(policy.gang.minCount, 1, at, errors);
}

export function validateWorkload({ spec }: Partial<Workload>, errors: Errors): void {
  if (spec?.controllerRef !== undefined) checkController(spec.controllerRef, specPath.child('controllerRef'), errors);
  const templates = spec?.podGroupTemplates ?? [];
  if (!checkCount(templates, errors)) return;
  // Constraints are written even where there are none.
  const shown = templates.map((template) => ({ ...template, schedulingConstraints: null }));
  declareUnique(shown, ({ name }) => name ?? '', templatesPath, errors);
  for (const [index, template] of templates.entries()) checkTemplate(template, templatesPath.index(index), errors);
}

export function validateWorkloadUpdate({ spec }: Partial<Workload>, { spec: old }: Workload, errors: Errors): void {
  declareImmutable(spec?.controllerRef, old.controllerRef, specPath.child('controllerRef'), errors);
  if (semanticEqual(spec?.podGroupTemplates, old.podGroupTemplates)) return;
  checkCount(spec?.podGroupTemplates ?? [], errors);
  declareImmutable(spec?.podGroupTemplates, old.podGroupTemplates, templatesPath, errors);
}

function checkCount(templates: WorkloadSpec['podGroupTemplates'], errors: Errors): boolean {
  if (templates.length > maxTemplates) errors.push(tooMany(templatesPath, templates.length, maxTemplates));
  if (templates.length === 0) errors.push(required(templatesPath));
  return templates.length > 0 && templates.length <= maxTemplates;
}

function checkTemplate({ name, schedulingPolicy }: PodGroupTemplate, path: Path, errors: Errors): void {
  declareText(name, dns1123LabelProblems, path.child('name'), errors);
  checkPolicy(schedulingPolicy, path.child('schedulingPolicy'), errors);
}

function checkController({ apiGroup, kind, name }: TypedLocalObjectReference, path: Path, errors: Errors): void {
  // The core group has no name.
  declareOptionalText(apiGroup || undefined, longNameProblems, path.child('apiGroup'), errors);
  declareText(kind, pathSegmentNameProblems, path.child('kind'), errors);
  declareText(name, pathSegmentNameProblems, path.child('name'), errors);
}
