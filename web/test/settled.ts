/** What waits for promises that are kept already has gone on when this is. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};
