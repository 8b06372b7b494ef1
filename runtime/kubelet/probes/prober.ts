import type { Container, HTTPGetAction, Probe } from '../../api/generated/types/core/v1.ts';
import type { ContainerRuntime } from '../../containers/cri.ts';
import type { Sockets } from '../../network/sockets.ts';

export type ProbeOutcome =
  | { readonly result: 'success' }
  | { readonly result: 'failure'; readonly output: string }
  /** The probe itself could not be made; it says nothing of the container. */
  | { readonly result: 'error'; readonly output: string };

export interface ProbeTarget {
  readonly container: Container;
  readonly containerId: string;
  readonly podAddress: string;
}

/** Asks one question of one container, in the words of `pkg/probe`. */
export async function runProbe(probe: Probe, target: ProbeTarget, runtime: ContainerRuntime, sockets: Sockets): Promise<ProbeOutcome> {
  const { container, containerId, podAddress } = target;
  if (probe.exec !== undefined) {
    try {
      const { exitCode, stdout, stderr } = await runtime.execSync(containerId, probe.exec.command ?? [], probe.timeoutSeconds ?? 1);
      return exitCode === 0 ? { result: 'success' } : { result: 'failure', output: `${stdout}${stderr}` };
    } catch (error) {
      const output = error instanceof Error ? error.message : String(error);
      return output.endsWith(' timed out') ? { result: 'failure', output } : { result: 'error', output };
    }
  }
  if (probe.httpGet !== undefined) return httpGet(probe.httpGet, container, podAddress, sockets);
  const action = probe.tcpSocket ?? probe.grpc;
  if (action === undefined) return { result: 'error', output: `missing probe handler for ${container.name}` };
  const port = resolvePort(action.port, container);
  if (typeof port === 'string') return { result: 'error', output: port };
  if (probe.tcpSocket !== undefined) {
    const host = probe.tcpSocket.host ?? podAddress;
    if (sockets.connect(host, port, 'TCP') !== undefined) return { result: 'success' };
    return { result: 'failure', output: `dial tcp ${host}:${port}: connect: connection refused` };
  }
  const listener = sockets.connect(podAddress, port, 'TCP');
  const health = listener?.grpcHealth?.(probe.grpc?.service ?? '');
  if (health === 'SERVING') return { result: 'success' };
  const timeout = `${probe.timeoutSeconds ?? 1}s`;
  if (health === undefined) {
    return {
      result: 'failure',
      output: `timeout: failed to connect service "${podAddress}:${port}" within ${timeout}: context deadline exceeded`,
    };
  }
  return { result: 'failure', output: `service unhealthy (responded with "${health}")` };
}

/** A GET as probes and lifecycle hooks make it; any status from 200 to 399 is a success. */
export function httpGet(action: HTTPGetAction, container: Container, podAddress: string, sockets: Sockets): ProbeOutcome {
  const port = resolvePort(action.port, container);
  if (typeof port === 'string') return { result: 'error', output: port };
  const scheme = action.scheme === 'HTTPS' ? 'https' : 'http';
  const host = action.host ?? podAddress;
  const path = action.path === undefined || action.path === '' ? '/' : action.path;
  const url = `${scheme}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
  const listener = sockets.connect(host, port, 'TCP');
  if (listener === undefined) return { result: 'failure', output: `Get "${url}": dial tcp ${host}:${port}: connect: connection refused` };
  if (listener.http === undefined) return { result: 'failure', output: `Get "${url}": EOF` };
  const own = (action.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value]);
  const headers = { 'user-agent': 'kube-probe/1.36', accept: '*/*', ...Object.fromEntries(own) };
  const { status } = listener.http({ method: 'GET', scheme, host, path, headers });
  return status >= 200 && status < 400
    ? { result: 'success' }
    : { result: 'failure', output: `HTTP probe failed with statuscode: ${status}` };
}

/** A port by number or by name; a text says what is wrong with it. */
export function resolvePort(port: string | number, container: Container): number | string {
  if (typeof port === 'number') return port > 0 && port < 65_536 ? port : `invalid port number: ${port}`;
  const named = container.ports?.find(({ name }) => name === port);
  if (named !== undefined) return named.containerPort;
  return /^\d+$/.test(port) ? Number(port) : `couldn't find port name "${port}" in container "${container.name}"`;
}
