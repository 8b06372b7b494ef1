import type { DeleteOptions } from '../../api/generated/types/meta/v1.ts';
import { goJson } from '../../api/go-json.ts';
import { parseIntProblem } from '../../api/go-number.ts';
import { isTrue } from '../../api/http.ts';
import { badRequest, causeOf, invalidFields, invalid as invalidStatus } from '../../api/status.ts';
import { type FieldError, invalid, notSupported, Path, validateFieldManager } from '../../api/validation/index.ts';
import type { ApiRequest } from '../api-request.ts';
import type { FieldValidation } from '../decoding/decode-object.ts';
import type { WriteOptions } from '../registry/core.ts';
import { managerOf } from './field-manager.ts';

/** A query parameter as Go's `strconv.ParseInt` reads it; `undefined` when it is not there. Throws 400. */
export function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const problem = parseIntProblem(text);
  if (problem !== undefined) throw badRequest(problem);
  return Number(text);
}

/** What POST, PUT and PATCH say in their query. */
export interface MutationOptions extends WriteOptions {
  readonly fieldValidation: FieldValidation;
}

/** Reads and checks `dryRun`, `fieldManager` and `fieldValidation`. `kind` is the options' kind, `CreateOptions`. Throws 422. */
export function mutationOptions(request: ApiRequest, kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'): MutationOptions {
  const { query } = request;
  const causes = dryRunCauses(query.getAll('dryRun'));
  const manager = query.get('fieldManager') ?? '';
  const errors: FieldError[] = [];
  validateFieldManager(manager, Path.of('fieldManager'), errors);
  const validation = query.get('fieldValidation') ?? '';
  if (!isFieldValidation(validation)) {
    errors.push(notSupported(Path.of('fieldValidation'), validation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (causes.length + errors.length > 0) throw optionsInvalid(kind, causes, errors);
  return {
    user: request.user,
    verb: request.info.verb,
    dryRun: query.has('dryRun'),
    fieldManager: manager === '' ? managerOf(request.request.headers.get('user-agent')) : manager,
    fieldValidation: fieldValidation(query),
    ...(kind !== 'CreateOptions' && { checkMayCreate: () => request.mayAlso('create') }),
    time: request.time,
    warn: (text) => request.warnings.add(text),
    ...(request.annotate && { annotate: request.annotate }),
  };
}

/** What happens to unknown fields; upstream's default when the query does not say. */
export function fieldValidation(query: URLSearchParams): FieldValidation {
  const text = query.get('fieldValidation') ?? '';
  return isFieldValidation(text) && text !== '' ? text : 'Warn';
}

function isFieldValidation(text: string): text is FieldValidation | '' {
  return text === '' || text === 'Ignore' || text === 'Warn' || text === 'Strict';
}

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

function dryRunCauses(values: readonly string[]): Cause[] {
  const unknown = values.filter((value) => value !== 'All');
  if (unknown.length === 0) return [];
  const list = goJson(values);
  return [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${list}: supported values: "All"`, field: 'dryRun' }];
}

/** 422 for options, which have no name and are of group meta.k8s.io. */
export function optionsInvalid(kind: string, causes: readonly Cause[], errors: readonly FieldError[] = []): Error {
  const subject = { group: 'meta.k8s.io', resource: kind };
  if (causes.length === 0) return invalidFields(subject, '', errors);
  return invalidStatus(subject, '', [...causes, ...errors.map(causeOf)]);
}

/** The options of a deletion: those of the body, or else those of the query. Throws 422 when they contradict each other. */
export function checkDeleteOptions(options: DeleteOptions): void {
  const causes = dryRunCauses(options.dryRun ?? []);
  const errors: FieldError[] = [];
  const { propagationPolicy, orphanDependents } = options;
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    errors.push(invalid(Path.of('propagationPolicy'), propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  }
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy)) {
    errors.push(notSupported(Path.of('propagationPolicy'), propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']));
  }
  if (causes.length + errors.length > 0) throw optionsInvalid('DeleteOptions', causes, errors);
}

/** Options of a deletion as the query gives them. */
export function deleteOptionsOfQuery(query: URLSearchParams): DeleteOptions {
  const options: DeleteOptions = {};
  const uid = query.get('uid') ?? '';
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (uid !== '' || resourceVersion !== '') {
    options.preconditions = { ...(uid !== '' && { uid }), ...(resourceVersion !== '' && { resourceVersion }) };
  }
  const grace = integerParameter(query, 'gracePeriodSeconds');
  if (grace !== undefined) options.gracePeriodSeconds = grace;
  const policy = query.get('propagationPolicy');
  if (policy !== null) options.propagationPolicy = policy;
  const orphan = query.get('orphanDependents');
  if (orphan !== null) options.orphanDependents = isTrue(orphan);
  if (query.has('dryRun')) options.dryRun = query.getAll('dryRun');
  return options;
}
