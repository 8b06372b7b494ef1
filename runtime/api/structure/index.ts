export { definitions, referencedDefinition } from './definitions.ts';
export { duplicateFields, type FieldComplaint, fieldComplaints } from './duplicates.ts';
export { checkStructure, type Structure, type Words } from './structure.ts';
export { canonicalTime } from './time.ts';
export { completeWritten } from './written-form.ts';
