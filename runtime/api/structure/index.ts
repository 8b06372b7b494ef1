export { definitions, referencedDefinition } from './definitions.ts';
export { duplicateFields, type FieldComplaint, fieldComplaints, inOrderOfNames } from './duplicates.ts';
export { lossesOf, type NumberSpellings, numberSpellings, overflowProblem, placeOf } from './number-spellings.ts';
export { checkStructure, type Structure, type Words } from './structure.ts';
export { canonicalTime } from './time.ts';
export { completeWritten, dropEmptyStructs, zeroValueOf } from './written-form.ts';
