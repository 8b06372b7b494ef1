import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const secretFromEnv: Rule = {
  id: 'secret-from-env',
  title: 'Secret read from the environment',
  why: 'The environment is inherited by child processes and shows up in crash reports; a mounted file does not.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const found = container
      .get('env')
      .items()
      .find((variable) => variable.get('valueFrom', 'secretKeyRef').exists);
    return found && { at: found.get('name'), message: 'The secret is handed over in the environment' };
  }),
};
