import type { Info } from '../../api/generated/types/meta/v1.ts';
import { type Family, Reading } from './families.ts';

/** Says which version this is, as every component of Kubernetes does. Upstream: `component-base/metrics/version.go`. */
export function buildInfo(version: Info): Family {
  const labels = {
    major: version.major,
    minor: version.minor,
    git_version: version.gitVersion,
    git_commit: version.gitCommit,
    git_tree_state: version.gitTreeState,
    build_date: version.buildDate,
    go_version: version.goVersion,
    compiler: version.compiler,
    platform: version.platform,
  };
  return new Reading('kubernetes_build_info', 'The version of this server, and how it was built.', () => [[labels, 1]]);
}
