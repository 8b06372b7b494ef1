/** Asks the garbage collector to take the owner's reference from dependents. */
export const orphanFinalizer = 'orphan';
/** Asks it to delete the dependents first. */
export const foregroundFinalizer = 'foregroundDeletion';
