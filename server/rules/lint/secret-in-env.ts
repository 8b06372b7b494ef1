import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

/** Names of variables that hold secrets, and not the place of one. */
const secretName = /(^|_)(SECRET|PASSWORD|PASSWD|TOKEN|BEARER|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|AZURE_.+KEY|KEY_CONTENT)$/i;

/** Whether a variable of that name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

export const secretInEnv: Rule = {
  id: 'secret-in-env',
  title: 'Secret written into the manifest',
  why: 'Whoever can read the manifest or the pod can read the secret.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container) => {
    for (const variable of container.get('env').items()) {
      const name = variable.get('name').text ?? '';
      const value = variable.get('value');
      if (value.text !== undefined && isSecretName(name) && !/^\$\(|^\/|^https?:/.test(value.text)) {
        return { at: value, message: t('The value of {0} belongs into a Secret', name) };
      }
    }
    return undefined;
  }),
};
