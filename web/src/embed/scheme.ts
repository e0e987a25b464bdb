/** The colours for a wish, where `auto` follows the reader's system. */
export const schemeOf = (theme: 'light' | 'dark' | 'auto', systemDark: boolean): 'light' | 'dark' =>
  theme === 'auto' ? (systemDark ? 'dark' : 'light') : theme;
