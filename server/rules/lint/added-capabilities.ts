import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const addedCapabilities: Rule = {
  id: 'added-capabilities',
  title: 'Container with dangerous capabilities',
  why: 'With these a process can reach past its container.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container) => {
    const added = container.get('securityContext', 'capabilities', 'add').items();
    const found = added.find((item) =>
      /^(CAP_)?(SYS_ADMIN|ALL|NET_ADMIN|NET_RAW|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|BPF|DAC_READ_SEARCH)$/i.test(item.text ?? ''),
    );
    return found && { at: found, message: t('{0} lets the container reach past itself', found.text ?? '') };
  }),
};
