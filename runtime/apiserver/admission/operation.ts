/** What a write does to its object, as admission is told. */
export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
