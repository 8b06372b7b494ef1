/**
 * What is asked for only once a file has been checked. None of it is imported by what checks files, so that it stands in a file of its own, which a
 * start does without.
 */
export { codeActions } from './features/actions/index.ts';
export { completeAt } from './features/completion.ts';
export { completeInPatch } from './features/completion-patches.ts';
export { completePath } from './features/completion-paths.ts';
export { hoverAt } from './features/hover.ts';
export { hoverInPatch } from './features/hover-patches.ts';
export { inlayHintsIn, resolveHint } from './features/inlay-hints.ts';
export { rehearse } from './rehearsal.ts';
