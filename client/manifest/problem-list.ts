import { t } from '@vscode/l10n';
import type { ManifestDocument, ManifestProblem } from './manifest.ts';

/** Gives the line of an offset, from 0. */
type LineOf = (offset: number) => number;

/** The problems that `said` does not hold already: the same words, or the same field on the same line. */
export function withoutRepeats(problems: readonly ManifestProblem[], said: readonly ManifestProblem[], lineOf: LineOf): ManifestProblem[] {
  return problems.filter(
    (problem) =>
      !said.some((other) => {
        if (lineOf(other.span.start) !== lineOf(problem.span.start)) return false;
        if (other.message === problem.message || other.span.start === problem.span.start) return true;
        const field = fieldOf(problem.message);
        return field !== undefined && field === fieldOf(other.message);
      }),
  );
}

/** Each problem as a line that says where it is: `Deployment web, line 21: spec.replicas: Invalid value: …`. In the order of the file. */
export function listProblems(problems: readonly ManifestProblem[], documents: readonly ManifestDocument[], lineOf: LineOf): string[] {
  return [...problems]
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span, message }) => {
      const index = documents.findIndex((document) => document.span.start <= span.start && span.start < document.span.end);
      const objects = documents[index]?.objects ?? [];
      const [only] = objects;
      const name = objects.length === 1 && only !== undefined ? `${only.kind} ${only.name}` : t('Document {0}', index + 1);
      const line = lineOf(span.start) + 1;
      return `${index < 0 ? t('Line {0}', line) : t('{0}, line {1}', name, line)}: ${message}`;
    });
}

/** The last name of the field a message is about: `imagePolicy` of `unknown field "spec.containers[0].imagePolicy"`. */
function fieldOf(message: string): string | undefined {
  const path = /field "(.*)"/.exec(message)?.[1] ?? /^([\w.[\]"=/-]+): /.exec(message)?.[1];
  return path === undefined ? undefined : /([\w/-]+)\]?$/.exec(path)?.[1];
}
