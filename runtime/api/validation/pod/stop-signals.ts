import type { PodOS } from '../../generated/types/core/v1.ts';
import type { Errors } from '../checks.ts';
import { forbidden, notSupported } from '../field-error.ts';
import type { Path } from '../path.ts';

/** Signals that tell a container to end. */

const named =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT RTMAX RTMIN SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ';
const realTime = [
  ...Array.from({ length: 14 }, (_, index) => `RTMAX-${index + 1}`),
  ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`),
];
const linuxSignals = [...named.split(' '), ...realTime].map((name) => `SIG${name}`).sort();
const windowsSignals = ['SIGKILL', 'SIGTERM'];

/** Which signals there are depends on the operating system, so the pod must name it. */
export function validateStopSignal(signal: string, os: PodOS | undefined, path: Path, errors: Errors): void {
  if (os === undefined) errors.push(forbidden(path, 'may not be set for containers with empty `spec.os.name`'));
  const known = os?.name === 'linux' ? linuxSignals : os?.name === 'windows' ? windowsSignals : undefined;
  if (known?.includes(signal) === false) errors.push(notSupported(path, signal, known));
}
