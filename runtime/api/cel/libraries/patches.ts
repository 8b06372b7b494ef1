import { scanning } from './costs.ts';
import { type FunctionForm, fn, string } from './form.ts';

/** `k8s.io/apiserver/pkg/cel/library` jsonpatch, which mutations alone have. */
export const patches: readonly FunctionForm[] = [
  fn('jsonpatch.escapeKey', [string], string, (key) => key.replace(/~/g, '~0').replace(/\//g, '~1'), { cost: scanning }),
];
