import type { Container, HTTPGetAction, LifecycleHandler, PodSpec, Probe } from '../../generated/types/core/v1.ts';
import { httpHeaderNameProblems } from '../../names/index.ts';
import { checkNonNegative, checkPort, checkPortNumber, type Errors } from '../checks.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import type { Path } from '../path.ts';
import { validateStopSignal } from './stop-signals.ts';

/** What is done to a container from outside: probes and life-cycle hooks. */

/** Hooks and probes of a container that runs as long as its pod. */
export function validateHandlers(container: Container, spec: PodSpec, path: Path, errors: Errors): void {
  const gracePeriod = spec.terminationGracePeriodSeconds;
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  if (lifecycle?.postStart !== undefined) validateHandler(lifecycle.postStart, gracePeriod, path.child('lifecycle', 'postStart'), errors);
  if (lifecycle?.preStop !== undefined) validateHandler(lifecycle.preStop, gracePeriod, path.child('lifecycle', 'preStop'), errors);
  if (lifecycle?.stopSignal !== undefined) validateStopSignal(lifecycle.stopSignal, spec.os, path.child('lifecycle', 'stopSignal'), errors);
  if (livenessProbe !== undefined) {
    validateProbe(livenessProbe, gracePeriod, path.child('livenessProbe'), errors);
    checkSuccessThreshold(livenessProbe, path.child('livenessProbe'), errors);
  }
  if (readinessProbe !== undefined) {
    const at = path.child('readinessProbe');
    validateProbe(readinessProbe, gracePeriod, at, errors);
    const grace = readinessProbe.terminationGracePeriodSeconds;
    if (grace !== undefined) errors.push(invalid(at.child('terminationGracePeriodSeconds'), grace, 'must not be set for readinessProbes'));
  }
  if (startupProbe !== undefined) {
    validateProbe(startupProbe, gracePeriod, path.child('startupProbe'), errors);
    checkSuccessThreshold(startupProbe, path.child('startupProbe'), errors);
  }
}

function checkSuccessThreshold(probe: Probe, path: Path, errors: Errors): void {
  if (probe.successThreshold !== 1) errors.push(invalid(path.child('successThreshold'), probe.successThreshold ?? 0, 'must be 1'));
}

function validateProbe(probe: Probe, gracePeriod: number | undefined, path: Path, errors: Errors): void {
  validateHandler(probe, gracePeriod, path, errors);
  checkNonNegative(probe.initialDelaySeconds, path.child('initialDelaySeconds'), errors);
  checkNonNegative(probe.timeoutSeconds, path.child('timeoutSeconds'), errors);
  checkNonNegative(probe.periodSeconds, path.child('periodSeconds'), errors);
  checkNonNegative(probe.successThreshold, path.child('successThreshold'), errors);
  checkNonNegative(probe.failureThreshold, path.child('failureThreshold'), errors);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) errors.push(invalid(path.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0'));
}

function validateHandler(
  handler: Pick<Probe & LifecycleHandler, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'sleep'>,
  gracePeriod: number | undefined,
  path: Path,
  errors: Errors,
): void {
  let count = 0;
  const only = (name: string, value: unknown): boolean => {
    if (value === undefined) return false;
    if (count === 0) {
      count++;
      return true;
    }
    errors.push(forbidden(path.child(name), 'may not specify more than 1 handler type'));
    return false;
  };
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (only('exec', exec) && (exec?.command?.length ?? 0) === 0) errors.push(required(path.child('exec', 'command')));
  if (only('httpGet', httpGet) && httpGet !== undefined) validateHttpGet(httpGet, path.child('httpGet'), errors);
  if (only('tcpSocket', tcpSocket)) checkPort(tcpSocket?.port, path.child('tcpSocket', 'port'), errors);
  if (only('grpc', grpc)) checkPortNumber(grpc?.port ?? 0, path.child('grpc', 'port'), errors);
  if (only('sleep', sleep) && gracePeriod !== undefined) {
    const seconds = sleep?.seconds ?? 0;
    if (seconds < 0 || seconds > gracePeriod) {
      const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
      errors.push(invalid(path.child('sleep'), seconds, detail));
    }
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'));
}

function validateHttpGet(action: HTTPGetAction, path: Path, errors: Errors): void {
  if ((action.path ?? '') === '') errors.push(required(path.child('path')));
  checkPort(action.port, path.child('port'), errors);
  const scheme = action.scheme ?? '';
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') errors.push(notSupported(path.child('scheme'), scheme, ['HTTP', 'HTTPS']));
  for (const { name } of action.httpHeaders ?? []) {
    for (const problem of httpHeaderNameProblems(name ?? '')) errors.push(invalid(path.child('httpHeaders'), name ?? '', problem));
  }
}
