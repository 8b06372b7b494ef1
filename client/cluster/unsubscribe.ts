/** Undoes a subscription. */
export type Unsubscribe = () => void;
