/** Notes something for the audit log. What may tell the contents of objects is for events of level `Request` and above. */
export type Annotate = (key: string, value: string, level?: 'Request') => void;
