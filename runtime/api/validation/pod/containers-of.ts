import type { Container, EphemeralContainer, PodSpec } from '../../generated/types/core/v1.ts';
import type { Path } from '../path.ts';

/** Every container of a pod with its path: init containers first, ephemeral ones last. */
export function containersOf(spec: PodSpec, path: Path): [Container | EphemeralContainer, Path][] {
  const all: [Container | EphemeralContainer, Path][] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) all.push([container, path.child(list).index(index)]);
  }
  return all;
}
