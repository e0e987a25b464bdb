/** A message in which the page always says what is optional on the wire. */
export type Saying<T, K extends keyof T> = T & Required<Pick<T, K>>;

/** A message in which the page may leave out what has a default. */
export type Sparing<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
