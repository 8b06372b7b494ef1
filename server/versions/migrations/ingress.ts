import { isScalar, type YAMLMap } from 'yaml';
import { type Migration, mapOf, pairOf, put, take } from './migration.ts';

/** `extensions/v1beta1` and `networking.k8s.io/v1beta1` to `networking.k8s.io/v1`. */
export function migrateIngress(migration: Migration): void {
  const spec = migration.mapAt(migration.object, 'spec');
  const fallback = migration.mapAt(spec, 'backend');
  if (fallback) {
    migration.rename(spec, 'backend', 'defaultBackend');
    migration.rewrite(fallback);
    nestService(fallback);
  }
  for (const rule of migration.mapsAt(spec, 'rules')) {
    for (const path of migration.mapsAt(rule, 'http', 'paths')) {
      const backend = migration.mapAt(path, 'backend');
      if (backend && (pairOf(backend, 'serviceName') ?? pairOf(backend, 'servicePort'))) {
        migration.rewrite(backend);
        nestService(backend);
      }
      // What the older versions meant where nothing was said.
      if (!pairOf(path, 'pathType')) migration.add(path, { pathType: 'ImplementationSpecific' }, 'backend');
    }
  }
}

/** `serviceName` and `servicePort` become `service.name` and `service.port`. */
function nestService(backend: YAMLMap): void {
  if (pairOf(backend, 'service')) return;
  const port = pairOf(backend, 'servicePort')?.value;
  const name = take(backend, 'serviceName', 'name');
  const number = take(backend, 'servicePort', isScalar(port) && typeof port.value === 'number' ? 'number' : 'name');
  const service = mapOf([name]) ?? mapOf([number]);
  if (!service) return;
  if (backend.flow) service.flow = true;
  if (name && number) put(service, 'port', flowLike(backend, mapOf([number])));
  put(backend, 'service', service, 0);
}

function flowLike(model: YAMLMap, map: YAMLMap | undefined): YAMLMap | undefined {
  if (map && model.flow) map.flow = true;
  return map;
}
