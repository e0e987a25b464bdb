/** What the help on a first message says, once it is loaded. */
export const firstrun = {
  title: 'Make me speak',
  lead: 'Run one of these in a terminal, and I say it right here.',
  tabs: 'Language of the example',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Press Ctrl+C',
  code: 'Example code',
  runCurl: 'Paste it into a terminal.',
  runPowerShell: 'Paste it into PowerShell.',
  runPython: 'Save it as hello.py, then run: {python} hello.py',
  runCSharp: 'Save it as hello.cs, then run: dotnet run hello.cs',
  socket: 'Or send the same JSON over a WebSocket:',
  hello: 'Hello! Nice to meet you.',
};

export type FirstRunTexts = Readonly<Record<keyof typeof firstrun, string>>;
