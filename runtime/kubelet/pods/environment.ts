import { base64Bytes } from '../../api/base64.ts';
import type { ConfigMap, Container, EnvVar, Pod, Secret, Service } from '../../api/generated/types/core/v1.ts';
import type { KeyValue } from '../../containers/cri.ts';
import type { NodeAllocatable } from '../../volumes/driver.ts';
import { fieldValue, resourceValue } from '../../volumes/field-path.ts';

export interface EnvironmentSources {
  configMap(namespace: string, name: string): Promise<ConfigMap | undefined>;
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  /** All services of the cluster that this pod may be told of. */
  services(): readonly Service[];
  readonly allocatable: NodeAllocatable;
}

/** The environment of a container, after the kubelet's `makeEnvironmentVariables`. @throws Error when something it names is missing. */
export async function makeEnvironment(pod: Pod, container: Container, sources: EnvironmentSources): Promise<KeyValue[]> {
  const namespace = pod.metadata?.namespace ?? '';
  const result = new Map<string, string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef !== undefined) {
      const name = configMapRef.name ?? '';
      const configMap = await sources.configMap(namespace, name);
      if (configMap === undefined && configMapRef.optional !== true) throw new Error(`configmap "${name}" not found`);
      for (const [key, value] of Object.entries(configMap?.data ?? {})) result.set(prefix + key, value);
    }
    if (secretRef !== undefined) {
      const name = secretRef.name ?? '';
      const secret = await sources.secret(namespace, name);
      if (secret === undefined && secretRef.optional !== true) throw new Error(`secret "${name}" not found`);
      for (const [key, value] of Object.entries(secret?.data ?? {})) result.set(prefix + key, decode(value));
    }
  }
  const services = serviceEnvironment(sources.services(), namespace, pod.spec?.enableServiceLinks !== false);
  for (const variable of container.env ?? []) {
    const value = await variableValue(variable, pod, container, sources, (name) => result.get(name) ?? services.get(name));
    if (value !== undefined) result.set(variable.name, value);
  }
  for (const [name, value] of services) if (!result.has(name)) result.set(name, value);
  return [...result].map(([key, value]) => ({ key, value }));
}

/** `$(NAME)` replaced by what `lookup` knows; `$$(NAME)` stands for itself. After `third_party/forked/golang/expansion`. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  // Behind the last `)` no name can end: to look for one from each `$(` there would take as long as all of them together, each time.
  const behind = text.lastIndexOf(')') + 1;
  const expanded = text
    .slice(0, behind)
    .replace(/\$(?:(\$)|\(([^)]*)\))/g, (whole, dollar: string | undefined, name: string | undefined) =>
      dollar !== undefined ? '$' : (lookup(name ?? '') ?? whole),
    );
  return expanded + text.slice(behind).replaceAll('$$', '$');
}

async function variableValue(
  { value, valueFrom }: EnvVar,
  pod: Pod,
  container: Container,
  sources: EnvironmentSources,
  lookup: (name: string) => string | undefined,
): Promise<string | undefined> {
  if (value !== undefined && value !== '') return expand(value, lookup);
  const namespace = pod.metadata?.namespace ?? '';
  if (valueFrom?.fieldRef !== undefined) return fieldValue(pod, valueFrom.fieldRef.fieldPath);
  if (valueFrom?.resourceFieldRef !== undefined) {
    const { containerName = container.name } = valueFrom.resourceFieldRef;
    const named = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].find(({ name }) => name === containerName);
    return resourceValue(named ?? container, valueFrom.resourceFieldRef, sources.allocatable);
  }
  if (valueFrom?.configMapKeyRef !== undefined) {
    const { name = '', key, optional } = valueFrom.configMapKeyRef;
    const configMap = await sources.configMap(namespace, name);
    const found = configMap?.data?.[key];
    if (found !== undefined) return found;
    if (optional === true) return undefined;
    throw new Error(
      configMap === undefined ? `configmap "${name}" not found` : `couldn't find key ${key} in ConfigMap ${namespace}/${name}`,
    );
  }
  if (valueFrom?.secretKeyRef !== undefined) {
    const { name = '', key, optional } = valueFrom.secretKeyRef;
    const secret = await sources.secret(namespace, name);
    const found = secret?.data?.[key];
    if (found !== undefined) return decode(found);
    if (optional === true) return undefined;
    throw new Error(secret === undefined ? `secret "${name}" not found` : `couldn't find key ${key} in Secret ${namespace}/${name}`);
  }
  if (valueFrom?.fileKeyRef !== undefined) throw new Error('fileKeyRef is not supported by this node');
  return '';
}

/** The variables that name services, as links of old Docker did; `kubernetes` always, those of the pod's namespace when wanted. */
export function serviceEnvironment(services: readonly Service[], namespace: string, links: boolean): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const { metadata, spec } of services) {
    const { name = '', namespace: home } = metadata ?? {};
    const isMaster = home === 'default' && name === 'kubernetes';
    const { clusterIP = '', ports = [] } = spec ?? {};
    const [first] = ports;
    if (first === undefined || clusterIP === '' || clusterIP === 'None' || !(isMaster || (links && home === namespace))) continue;
    const prefix = name.toUpperCase().replaceAll('-', '_');
    result.set(`${prefix}_SERVICE_HOST`, clusterIP);
    result.set(`${prefix}_SERVICE_PORT`, String(first.port));
    for (const { name: portName, port } of ports) {
      if (portName !== undefined && portName !== '') {
        result.set(`${prefix}_SERVICE_PORT_${portName.toUpperCase().replaceAll('-', '_')}`, String(port));
      }
    }
    ports.forEach(({ port, protocol = 'TCP' }, index) => {
      const link = `${prefix}_PORT_${port}_${protocol}`;
      const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
      if (index === 0) result.set(`${prefix}_PORT`, url);
      result.set(link, url);
      result.set(`${link}_PROTO`, protocol.toLowerCase());
      result.set(`${link}_PORT`, String(port));
      result.set(`${link}_ADDR`, clusterIP);
    });
  }
  return result;
}

function decode(base64: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(base64Bytes(base64));
}
