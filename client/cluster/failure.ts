import { t } from '@vscode/l10n';
import type { Status } from '../../runtime/api/generated/types/meta/v1.ts';

/** The server answered a request with a failure. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** HTTP status code. */
  readonly code: number;
  readonly status: Status;
  constructor(code: number, status: Status) {
    super(status.message ?? t('the server answered {0}', code));
    this.code = code;
    this.status = status;
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
